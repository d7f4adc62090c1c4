import type { Trigger } from '../../../shared/events/trigger.ts';
import { entryKey } from '../../../shared/kmm/labels.ts';
import type { KernelEntry } from '../../../shared/kmm/status.ts';
import type { Node } from '../../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { type KnownModule, toKnownModule } from '../../../shared/reconcile/known-module.ts';
import { UsageError } from '../errors.ts';
import { findKubeconfig } from '../find-kubeconfig.ts';
import { loadModules } from '../input/load-modules.ts';
import { needArchitecture } from '../input/need-architecture.ts';
import type { Io } from '../io.ts';
import { offlineCluster } from '../plan/offline-cluster.ts';
import { readKnownModules } from '../plan/read-known-module.ts';
import type { CliPorts } from '../ports.ts';
import type { DecodeOptions } from './decode.ts';

/** What targets are chosen from. */
export interface ReadModules {
  modules: KnownModule[];
  nodes: readonly Node[];
}

/** The Modules of `-f`, or else of the cluster, with the kernels of `--kernel` beside those that they know; neither: `undefined`. */
export async function readModules(
  options: DecodeOptions,
  triggers: readonly Trigger[],
  io: Io,
  ports: CliPorts,
): Promise<ReadModules | undefined> {
  const { filename, kubeconfig, kernel = [] } = options;
  if (filename === undefined && kubeconfig === undefined) return undefined;
  if (kubeconfig === undefined && kernel.length === 0) {
    throw new UsageError(
      "Modules in files don't say which kernels the fleet has: name them with --kernel, or the cluster with --kubeconfig.",
    );
  }
  const cluster = kubeconfig === undefined ? offlineCluster : await ports.connect(await findKubeconfig(kubeconfig, io));
  const modules =
    filename === undefined
      ? (await cluster.list('Module')).map(toKnownModule)
      : await readKnownModules(await loadModules(options, io), cluster);
  const keys = kernel.map((kernelVersion) => entryKey({ kernelVersion, architecture: needArchitecture(options.arch) }));
  return { modules: modules.map((module) => withKernels(module, keys)), nodes: await nodesFor(triggers, cluster) };
}

/** As if a node had reported these kernels. */
function withKernels(module: KnownModule, keys: readonly string[]): KnownModule {
  const assumed: KernelEntry = { state: 'ImageMissing', observedGeneration: 0 };
  const kernels = { ...Object.fromEntries(keys.map((key) => [key, assumed])), ...module.status.kernels };
  return { ...module, status: { ...module.status, kernels } };
}

/** An event of a registry finds its targets without any node. */
async function nodesFor(triggers: readonly Trigger[], cluster: Cluster): Promise<Node[]> {
  return triggers.every(({ kind }) => kind === 'image') ? [] : cluster.list('Node');
}
