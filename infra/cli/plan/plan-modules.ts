import { parseReference } from '../../../shared/oci/parse-reference.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import type { TargetPorts } from '../../../shared/ports/target-ports.ts';
import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import type { RunReads } from '../../../shared/steps/run-reads.ts';
import type { Io } from '../io.ts';
import type { CliPorts } from '../ports.ts';
import { settingsOf } from '../render/render.ts';
import { offlineCluster } from './offline-cluster.ts';
import { type PlanSetting, planModule, type TargetToPlan } from './plan-module.ts';
import { planPorts } from './plan-ports.ts';
import type { PlannedTarget } from './planned-target.ts';
import { type RegistryFlags, readChoice } from './read-choice.ts';

export interface ModuleToPlan {
  module: KnownModule;
  targets: readonly TargetToPlan[];
}

/** Where to ask, and as what installation: `makers` are its builder and signer, where they are known or assumed. */
export interface Asked {
  cluster: Cluster;
  reads: RunReads;
  makers?: Pick<TargetPorts, 'builder' | 'signer'>;
}

/** The plans of several Modules, in their order, with one client for all registries that they name. */
export async function planModules(
  modules: readonly ModuleToPlan[],
  { cluster, reads, makers }: Asked,
  options: RegistryFlags & { loaderImage?: string },
  io: Io,
  ports: CliPorts,
): Promise<PlannedTarget[]> {
  const choice = await readChoice(options, registriesOf(modules), io);
  const images = await ports.registry(choice);
  const setting: PlanSetting = {
    ports: { ...planPorts(cluster, images, ports.now, settingsOf(options)), ...makers },
    reads,
    online: cluster !== offlineCluster,
    ownCredentials: choice.dockerConfig !== undefined,
  };
  const planned: PlannedTarget[] = [];
  for (const { module, targets } of modules) planned.push(...(await planModule(module, targets, setting)));
  return planned;
}

/** The registry hosts of the images; a reference that can't be read is the planner's to tell. */
function registriesOf(modules: readonly ModuleToPlan[]): string[] {
  const hosts = modules.flatMap(({ module, targets }) =>
    targets.flatMap(({ target }) => {
      const resolution = module.resolve(target.kernelVersion);
      return resolution.outcome === 'resolved' ? [parseReference(resolution.data.containerImage).registry] : [];
    }),
  );
  return [...new Set(hosts)];
}
