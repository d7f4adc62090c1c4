import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
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
import { offlineCluster } from './offline-cluster.ts';
import { planModules } from './plan-modules.ts';
import { isInTheWay, planTable } from './plan-table.ts';
import type { PlannedTarget } from './planned-target.ts';
import type { RegistryFlags } from './read-choice.ts';
import { readKnownModules } from './read-known-module.ts';
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
  const reads = createRunReads(cluster);
  const nodes = cluster === offlineCluster ? undefined : await reads.allNodes();
  const known = await readKnownModules(files, cluster);
  const modules = known.map((module) => ({
    module,
    targets: targetsToPlan(module, asked, nodes, defaultIgnoredTaints),
  }));
  return planModules(modules, { cluster, reads }, options, io, ports);
}
