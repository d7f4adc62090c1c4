import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs beside a test. */
export interface Program {
  /** Waits for words on either output, past or to come; throws with all output when the program ends or 30 s go by first. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>;
  /** What it said, at most the last 256 KiB. */
  output(): string;
  /** TERM, and KILL after 5 s. Returns when it has ended. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  env?: Record<string, string>;
  cwd?: string;
}

const keptOutput = 256 * 1024;

export function startProgram(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const env = { ...process.env, ...options.env };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: options.cwd, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-keptOutput);
    });
  }
  // A program that can't be started has no output: its error takes that place.
  child.on('error', (error) => {
    said += String(error);
  });

  return {
    output: () => said,
    waitForOutput: async (pattern) => {
      const late = AbortSignal.timeout(30_000);
      for (;;) {
        const found = pattern.exec(said);
        if (found !== null) return found;
        if (hasEnded(child) || late.aborted) throw new Error(`${command} never said ${pattern}, but: ${said}`);
        await nextWords(child, late);
      }
    },
    stop: async () => {
      if (hasEnded(child)) return;
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(kill);
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function nextWords(child: ChildProcess, late: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, late]);
  const events = [child.stdout, child.stderr].flatMap((stream) =>
    stream === null ? [] : [once(stream, 'data', { signal })],
  );
  await Promise.race([...events, once(child, 'close', { signal })]).catch(() => undefined);
  over.abort();
  await Promise.allSettled(events);
}
