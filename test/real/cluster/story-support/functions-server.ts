import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

/** The functions as the HTTP server, in a process of its own: as it is deployed, but on this host. */
export interface FunctionsServer {
  readonly url: string;
  /** Starts it again after `kill` or `stop`; with `release` the next one of ours, which renders another load script. */
  start(options?: { release: 'next' }): Promise<void>;
  /** As a node's death does it: at once, whatever is under way. */
  kill(): Promise<void>;
  /** As a Deployment does it. */
  stop(): Promise<void>;
  /** All its log lines so far, of all its lives. */
  log(): string;
  /** Largest resident set of its present life. */
  peakMebibytes(): Promise<number>;
  /** Of its present life. */
  cpuSeconds(): Promise<number>;
}

const main = join(import.meta.dirname, '../../../../infra/server/main.ts');
/** What Node takes in a pod of 512 MiB, where it takes half of the limit. */
const heap = '--max-old-space-size=256';
const nextRelease = join(import.meta.dirname, 'next-release.ts');

export function createFunctionsServer(port: number, environment: Record<string, string>): FunctionsServer {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let said = '';
  const env = { ...process.env, ...environment, PORT: String(port), HOST: '127.0.0.1' };
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  // A test that dies leaves no server behind.
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    url,
    async start(options) {
      const more = options === undefined ? [] : ['--import', nextRelease];
      const started = spawn(process.execPath, [heap, ...more, main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      }
      await eventually('the server is ready', async () => {
        if (started.exitCode !== null) throw new Error(`The server ended by itself: ${said.slice(-2_000)}`);
        const answer = await fetch(`${url}/readyz`).catch(() => undefined);
        return answer?.status === 200 || undefined;
      });
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    log: () => said,
    async peakMebibytes() {
      const status = await readFile(`/proc/${child?.pid}/status`, 'utf8');
      return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
    },
    async cpuSeconds() {
      // Fields 14 and 15, after a name in parentheses, in hundredths: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
      const [, ...fields] = (await readFile(`/proc/${child?.pid}/stat`, 'utf8')).split(') ');
      const [user, system] = (fields[0] ?? '').split(' ').slice(11, 13);
      return (Number(user) + Number(system)) / 100;
    },
  };
}
