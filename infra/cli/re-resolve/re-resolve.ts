import { findKubeconfig } from '../find-kubeconfig.ts';
import { needArchitecture } from '../input/need-architecture.ts';
import { parseModuleKey } from '../input/parse-module-key.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { say } from '../output/say.ts';
import { toTable } from '../output/table.ts';
import type { CliPorts } from '../ports.ts';
import { annotateModules } from './annotate-modules.ts';
import { callDoor, type ManualScope } from './call-door.ts';

export interface ReResolveOptions {
  module?: string;
  kernel?: string;
  arch?: string;
  node?: string;
  force?: boolean;
  rollout?: boolean;
  sweep?: boolean;
  kubeconfig?: string;
  door?: string;
  output: Format;
}

/** `kmm re-resolve`: has Modules looked at anew, by the cluster (its RBAC decides who may) or by the functions' door. */
export async function reResolve(options: ReResolveOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const { force = false, rollout = false, sweep = false } = options;
  const wish = { scope: scopeOf(options), force, rollout, sweep };
  return options.door === undefined
    ? byAnnotation(wish, options, io, ports)
    : byDoor(options.door, wish, options, io, ports);
}

export interface Wish {
  scope: ManualScope;
  force: boolean;
  rollout: boolean;
  /** As a clock asks. */
  sweep: boolean;
}

async function byDoor(
  door: string,
  wish: Wish,
  { output }: ReResolveOptions,
  io: Io,
  ports: CliPorts,
): Promise<ExitCode> {
  const answer = await withProgress(io, 'calling the door', callDoor(door, wish, io, ports));
  await print(io, output, { value: answer, table: () => `${answer.door} has queued it\n` });
  return 0;
}

async function byAnnotation(wish: Wish, options: ReResolveOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const cluster = await ports.connect(await findKubeconfig(options.kubeconfig, io));
  const work = annotateModules(wish, cluster, ports.now());
  const result = await withProgress(io, 'writing annotations', work);
  if (result.kind === 'nobody') {
    say(io, result.why);
    return 1;
  }
  const rows = result.annotated.map(({ namespace, module, annotation }) => [`${namespace}/${module}`, annotation]);
  await print(io, options.output, { value: result.annotated, table: () => toTable(['MODULE', 'RE-RESOLVE'], rows) });
  if (wish.scope.kernelVersion !== undefined && !wish.force) {
    say(io, 'note: without --force an annotation asks for all kernels of a Module');
  }
  return 0;
}

function scopeOf({ module, kernel, arch, node }: ReResolveOptions): ManualScope {
  const key = module === undefined ? undefined : parseModuleKey(module);
  return {
    ...(key === undefined ? {} : { namespace: key.namespace, module: key.name }),
    ...(kernel === undefined ? {} : { kernelVersion: kernel }),
    ...(arch === undefined ? {} : { architecture: needArchitecture(arch) }),
    ...(node === undefined ? {} : { node }),
  };
}
