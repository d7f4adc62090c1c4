import { KmmError } from '../../shared/kmm/errors.ts';
import { createLocalStack, type LocalStack } from '../local/local-stack.ts';
import { tellStory } from '../local/story.ts';
import { UsageError } from './errors.ts';
import { findKubeconfig } from './find-kubeconfig.ts';
import type { ExitCode, Io } from './io.ts';
import { createNarrator, type Narrator } from './narrate.ts';
import { processIo } from './process-io.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';
import { overview } from './start-overview.ts';
import { readCommands } from './start-prompt.ts';
import { stopSignal } from './start-signal.ts';
import { countsText, hintsText, unbuiltText, welcomeText } from './start-texts.ts';

/** Pods get available a second after they are ready, instead of ten: nobody wants to wait for a story. */
const minReadySpeed = 10;

/**
 * `kmm start`: the functions with an embedded cluster and registry, where a story is told, or against another cluster. Stays
 * until SIGINT or SIGTERM; with `--once` 0 only when everything is where it should be. `args` is what followed `start`.
 */
export async function startCommand(args: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  const options = parseStartOptions(args, io.cwd);
  const narrator = createNarrator(io, options.output);
  const stop = stopSignal();
  try {
    const stack = await boot(options, io, narrator, stop.signal);
    try {
      return await run(stack, options, narrator, io, stop.signal);
    } finally {
      await stack.close();
    }
  } catch (error) {
    if (stop.signal.aborted) return stopped(options);
    throw error;
  } finally {
    stop.release();
  }
}

/** A story that was not told to its end proves nothing. */
function stopped({ once }: StartOptions): ExitCode {
  return once ? 1 : 0;
}

async function boot(options: StartOptions, io: Io, { tell }: Narrator, signal: AbortSignal): Promise<LocalStack> {
  const { data: dataDir, registry } = options;
  const kubeconfig = options.kubeconfig && (await findKubeconfig(options.kubeconfig, io));
  try {
    return await createLocalStack({ dataDir, kubeconfig, registry, minReadySpeed, tell, signal });
  } catch (cause) {
    throw bootError(cause, options) ?? cause;
  }
}

/** What the user can do about it; `undefined`: nothing. */
function bootError(cause: unknown, { data, kubeconfig }: StartOptions): UsageError | undefined {
  if (cause instanceof KmmError || !(cause instanceof Error)) return undefined;
  if (data !== undefined && 'code' in cause && cause.code === 'EADDRINUSE') {
    return new UsageError(`A port of ${data} is taken: is another one running with this folder?`, { cause });
  }
  if (kubeconfig === undefined) return undefined;
  // Never the parser's own words: they may quote a line of the file, and that may be a key.
  const advice = `kubectl --kubeconfig ${kubeconfig} get nodes says why.`;
  return new UsageError(`The kubeconfig ${kubeconfig} can't be used: ${advice}`, { cause });
}

async function run(
  stack: LocalStack,
  options: StartOptions,
  narrator: Narrator,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  narrator.note(welcomeText(stack));
  const outcome = await Promise.race([work(stack, options, narrator, signal), aborted(signal)]);
  if (outcome === 'stopped') return stopped(options);
  for (const problem of outcome) narrator.problem(problem);
  if (options.once) return outcome.length === 0 ? 0 : 1;
  narrator.note(hintsText(stack, process.argv[1] ?? ''));
  const end = await Promise.race([readCommands(stack, narrator, io, signal), aborted(signal)]);
  if (end === 'stopped') narrator.note('Stopping.');
  return 0;
}

/** What is not as it should be; empty when all is. */
async function work(
  stack: LocalStack,
  options: StartOptions,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<string[]> {
  const { cluster, registry } = stack;
  if (cluster === undefined || registry === undefined) {
    await stack.idle();
    const { lines, problems } = await overview(stack.outside.cluster);
    lines.forEach(narrator.note);
    return problems;
  }
  const { fault, patienceMs } = options;
  const { chapter } = narrator;
  const problems = await tellStory({ stack, cluster, registry, chapter, fault, patienceMs, signal });
  if (signal.aborted) return problems;
  const counts = countsText(cluster.requests.all(), registry.requests, narrator.lookUps());
  if (problems.length === 0) chapter('Every target is where it should be.');
  else chapter('Not everything is where it should be:');
  const { lines, unbuilt } = await overview(stack.outside.cluster);
  lines.forEach(narrator.note);
  for (const target of unbuilt) narrator.note(`\n${unbuiltText(target)}`);
  narrator.note(counts);
  return problems;
}

function aborted(signal: AbortSignal): Promise<'stopped'> {
  const { promise, resolve } = Promise.withResolvers<'stopped'>();
  if (signal.aborted) resolve('stopped');
  signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  return promise;
}
