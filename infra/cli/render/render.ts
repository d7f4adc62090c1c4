import { type DesiredSettings, defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { type Digest, isDigest } from '../../../shared/oci/digest.ts';
import { type FileOptions, loadModules } from '../input/load-modules.ts';
import { needArchitecture } from '../input/need-architecture.ts';
import { needKernels } from '../input/need-kernels.ts';
import { refuseBoth } from '../input/refuse-both.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { say } from '../output/say.ts';
import { answerLines } from '../stream/answer-lines.ts';
import { kernelOf, type LineRequest } from '../stream/parse-request.ts';
import { placeholderDigest, type RenderInput, renderObjects } from './render-objects.ts';
import { renderTable } from './render-table.ts';

export interface RenderOptions extends FileOptions {
  kernel?: string[];
  arch: string;
  digest?: string;
  loaderImage?: string;
  output: Format;
  stdin?: boolean;
}

/** `kmm render`: what the functions would make in the cluster, without a cluster or registry. */
export async function render(options: RenderOptions, io: Io): Promise<ExitCode> {
  const settings = settingsOf(options);
  if (options.stdin) {
    refuseBoth(options);
    return answerLines(io, (request) => answerOf(request, options, settings));
  }
  const kernels = needKernels(options.kernel, 'render');
  const input = { kernels, architecture: needArchitecture(options.arch), digest: toDigest(options.digest), settings };
  const modules = await loadModules(options, io);
  const rendered = modules.map(({ raw }) => renderObjects(raw, input));
  const objects = rendered.flatMap((one) => one.objects);
  const problems = rendered.flatMap((one) => one.problems);
  await print(io, options.output, { value: objects, documents: objects, table: () => renderTable(objects) });
  for (const problem of problems) say(io, problem);
  if (JSON.stringify(objects).includes(placeholderDigest)) {
    say(
      io,
      'note: the digest of zeros is a placeholder: give the real one with --digest, or ask the registry with "kmm plan"',
    );
  }
  return problems.length === 0 ? 0 : 1;
}

function answerOf(request: LineRequest, options: RenderOptions, settings: DesiredSettings): object {
  const input: RenderInput = {
    kernels: [kernelOf(request)],
    architecture: needArchitecture(request.architecture ?? options.arch),
    digest: toDigest(request.digest ?? options.digest),
    settings,
  };
  const { objects, problems } = renderObjects(request.module, input);
  const [error] = problems;
  return error === undefined ? { objects } : { objects, error };
}

export function settingsOf({ loaderImage }: { loaderImage?: string }): DesiredSettings {
  return loaderImage === undefined ? defaultDesiredSettings : { ...defaultDesiredSettings, loaderImage };
}

function toDigest(text: string | undefined): Digest | undefined {
  if (text === undefined || isDigest(text)) return text;
  throw new InvalidInput(
    `"${text}" is no digest: it has sha256: and 64 hex digits, as a registry or "crane digest" shows it`,
    'digest',
  );
}
