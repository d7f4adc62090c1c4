import { moduleName } from '../../../shared/kmm/module-name.ts';
import { type ResolveEntry, toResolveEntry } from '../../../shared/kmm/resolve-entry.ts';
import { createResolver, type Resolver } from '../../../shared/kmm/resolve-module.ts';
import { type FileOptions, loadModules } from '../input/load-modules.ts';
import { needKernels } from '../input/need-kernels.ts';
import { refuseBoth } from '../input/refuse-both.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { styleFor } from '../output/style.ts';
import { answerLines } from '../stream/answer-lines.ts';
import { kernelOf } from '../stream/parse-request.ts';
import { resolveTable } from './resolve-table.ts';

export interface ResolveOptions extends FileOptions {
  kernel?: string[];
  output: Format;
  stdin?: boolean;
}

/** `kmm resolve`: what each Module says about each kernel, in the order of the input. */
export async function resolve(options: ResolveOptions, io: Io): Promise<ExitCode> {
  if (options.stdin) {
    refuseBoth(options);
    return answerLines(io, (request) => entryOf(request.module, kernelOf(request), createResolver(request.module)));
  }
  const kernels = needKernels(options.kernel, 'resolve');
  const modules = await loadModules(options, io);
  const entries = modules.flatMap(({ raw }) => {
    const resolver = createResolver(raw);
    return kernels.map((kernel) => entryOf(raw, kernel, resolver));
  });
  await print(io, options.output, { value: entries, table: () => resolveTable(entries, styleFor(io.stdout, io.env)) });
  return entries.every(isFine) ? 0 : 1;
}

function entryOf(raw: unknown, kernelVersion: string, resolver: Resolver): ResolveEntry {
  const { namespace, name } = moduleName(raw);
  return toResolveEntry({ namespace, module: name, kernelVersion }, resolver(kernelVersion));
}

/** A Module that only runs a device plugin has nothing to resolve: that is no "no". */
function isFine({ outcome }: ResolveEntry): boolean {
  return outcome === 'resolved' || outcome === 'no-module-loader';
}
