import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { moduleName } from '../../../shared/kmm/module-name.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import { createRunReads } from '../../../shared/steps/run-reads.ts';
import { findKubeconfig } from '../find-kubeconfig.ts';
import { type FileOptions, type FoundModule, loadModules } from '../input/load-modules.ts';
import { needArchitecture } from '../input/need-architecture.ts';
import { needKernels } from '../input/need-kernels.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { styleFor } from '../output/style.ts';
import type { CliPorts } from '../ports.ts';
import { settingsOf } from '../render/render.ts';
import { offlineCluster } from './offline-cluster.ts';
import { type PlanSetting, planModule, type TargetToPlan } from './plan-module.ts';
import { planPorts } from './plan-ports.ts';
import { isInTheWay, planTable } from './plan-table.ts';
import type { PlannedTarget } from './planned-target.ts';
import { type RegistryFlags, readChoice } from './read-choice.ts';
import { readKnownModule } from './read-known-module.ts';
import { targetsToPlan } from './targets-to-plan.ts';

export interface PlanOptions extends FileOptions, RegistryFlags {
  kernel?: string[];
  arch: string;
  kubeconfig?: string;
  loaderImage?: string;
  output: Format;
}

/** `kmm plan`: what the functions would do for the Modules of some files, without doing it. */
export async function plan(options: PlanOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const architecture = needArchitecture(options.arch);
  const online = options.kubeconfig !== undefined;
  const kernels = online && options.kernel === undefined ? [] : needKernels(options.kernel, 'plan');
  const files = await loadModules(options, io);
  const cluster = online ? await ports.connect(await findKubeconfig(options.kubeconfig, io)) : offlineCluster;
  const work = planFiles(files, { kernels, architecture }, cluster, options, io, ports);
  const planned = await withProgress(io, 'asking registries', work);
  await print(io, options.output, { value: planned, table: () => planTable(planned, styleFor(io.stdout, io.env)) });
  return planned.some(isInTheWay) ? 1 : 0;
}

async function planFiles(
  files: readonly FoundModule[],
  asked: { kernels: readonly string[]; architecture: string },
  cluster: Cluster,
  options: PlanOptions,
  io: Io,
  ports: CliPorts,
): Promise<PlannedTarget[]> {
  const online = cluster !== offlineCluster;
  const reads = createRunReads(cluster);
  const nodes = online ? await reads.allNodes() : undefined;
  const modules: { module: KnownModule; targets: TargetToPlan[] }[] = [];
  for (const file of files) {
    const module = await readKnownModule(file, cluster);
    if (module === undefined) throw unreadable(file);
    modules.push({ module, targets: targetsToPlan(module, asked, nodes, defaultIgnoredTaints) });
  }
  const choice = await readChoice(options, registriesOf(modules), io);
  const images = await ports.registry(choice);
  const setting: PlanSetting = {
    ports: planPorts(cluster, images, ports.now, settingsOf(options)),
    reads,
    online,
    ownCredentials: choice.dockerConfig !== undefined,
  };
  const planned: PlannedTarget[] = [];
  for (const { module, targets } of modules) planned.push(...(await planModule(module, targets, setting)));
  return planned;
}

/** The registry hosts of the images; a reference that can't be read is the planner's to tell. */
function registriesOf(modules: readonly { module: KnownModule; targets: readonly TargetToPlan[] }[]): string[] {
  const hosts = modules.flatMap(({ module, targets }) =>
    targets.flatMap(({ target }) => {
      const resolution = module.resolve(target.kernelVersion);
      return resolution.outcome === 'resolved' ? [parseReference(resolution.data.containerImage).registry] : [];
    }),
  );
  return [...new Set(hosts)];
}

function unreadable({ raw, where }: FoundModule): InvalidInput {
  const { namespace, name } = moduleName(raw);
  const finding = lintModule(raw)[0];
  return new InvalidInput(
    `${where}: ${namespace}/${name}: ${finding?.path ?? ''}: ${finding?.message ?? 'not a Module'}`,
  );
}
