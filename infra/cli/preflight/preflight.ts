import { entryKey } from '../../../shared/kmm/labels.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { type KnownModule, toKnownModule } from '../../../shared/reconcile/known-module.ts';
import { createRunReads } from '../../../shared/steps/run-reads.ts';
import { findKubeconfig } from '../find-kubeconfig.ts';
import { type FileOptions, loadModules } from '../input/load-modules.ts';
import { needArchitecture } from '../input/need-architecture.ts';
import { needKernels } from '../input/need-kernels.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { say } from '../output/say.ts';
import { styleFor } from '../output/style.ts';
import { offlineCluster } from '../plan/offline-cluster.ts';
import { planModules } from '../plan/plan-modules.ts';
import type { RegistryFlags } from '../plan/read-choice.ts';
import { readKnownModules } from '../plan/read-known-module.ts';
import type { CliPorts } from '../ports.ts';
import { assumedMakers } from './assumed-makers.ts';
import { type CheckedModule, toCheckedModule } from './checked-module.ts';
import { reportText, toReport } from './report.ts';

export interface PreflightOptions extends FileOptions, RegistryFlags {
  kernel?: string;
  arch: string;
  kubeconfig?: string;
  output: Format;
}

/**
 * `kmm preflight`: what would happen to each Module on a kernel that no node has yet, as KMM's PreflightValidation says it
 * by a resource. The Modules of `-f`, else all of the cluster; nothing is written, built or signed.
 */
export async function preflight(options: PreflightOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const kernelVersion = needKernels(options.kernel === undefined ? [] : [options.kernel], 'preflight')[0] ?? '';
  const architecture = needArchitecture(options.arch);
  const files = options.filename === undefined ? undefined : await loadModules(options, io);
  const online = files === undefined || options.kubeconfig !== undefined;
  const cluster = online ? await ports.connect(await findKubeconfig(options.kubeconfig, io)) : offlineCluster;
  const work = async () => {
    const modules =
      files === undefined ? (await cluster.list('Module')).map(toKnownModule) : await readKnownModules(files, cluster);
    return check(modules, { kernelVersion, architecture }, cluster, options, io, ports);
  };
  const modules = await withProgress(io, 'asking registries', work());
  if (modules.length === 0) say(io, 'note: there is no Module in this cluster');
  const report = toReport(kernelVersion, architecture, modules);
  await print(io, options.output, { value: report, table: () => reportText(report, styleFor(io.stdout, io.env)) });
  return report.counts.notServed > 0 ? 1 : 0;
}

async function check(
  modules: readonly KnownModule[],
  target: { kernelVersion: string; architecture: string },
  cluster: Cluster,
  options: RegistryFlags,
  io: Io,
  ports: CliPorts,
): Promise<CheckedModule[]> {
  const toPlan = modules.map((module) => ({
    module: withoutEntry(module, entryKey(target)),
    targets: [{ target: { namespace: module.namespace, module: module.name, ...target } }],
  }));
  const makers = assumedMakers(cluster === offlineCluster ? undefined : cluster);
  const planned = await planModules(toPlan, { cluster, reads: createRunReads(cluster), makers }, options, io, ports);
  return planned.flatMap((one, index) => {
    const module = modules[index];
    return module === undefined ? [] : [toCheckedModule(module, one)];
  });
}

/** As if the kernel were new: a build or signing that failed on it before is not what is asked. */
function withoutEntry(module: KnownModule, key: string): KnownModule {
  const { [key]: _, ...kernels } = module.status.kernels;
  return { ...module, status: { ...module.status, kernels } };
}
