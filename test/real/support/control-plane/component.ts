import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';

/** A process of the control plane. */
export interface Component {
  /** Rejects when it ends before it is stopped: what it said last is in the error. */
  diedEarly: Promise<never>;
  /** All that it has said. */
  logs(): Promise<string>;
  /** At once: nothing of a test cluster is worth a farewell. */
  stop(): Promise<void>;
}

/**
 * Starts a component with its output in `logFile`. Its standard input stays open as long as we live, and the binary ends
 * itself when that closes: so it can't outlive this process, however that ends.
 */
export async function startComponent(
  binary: string,
  args: readonly string[],
  logFile: string,
  env: Record<string, string> = {},
): Promise<Component> {
  const log = await open(logFile, 'a');
  const child = spawn(binary, args, { stdio: ['pipe', log.fd, log.fd], env: { ...process.env, ...env } });
  // A test that forgets to stop it ends all the same, and the component with it.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  const ended = once(child, 'exit');
  await log.close();
  let stopped = false;
  const logs = () => readFile(logFile, 'utf8');
  const diedEarly = ended.then(async () => {
    if (stopped) return new Promise<never>(() => undefined);
    throw new Error(`${args[0]} ended by itself: ${(await logs()).slice(-2_000)}`);
  });
  diedEarly.catch(() => undefined);
  return {
    diedEarly,
    logs,
    async stop() {
      stopped = true;
      child.ref();
      child.kill('SIGKILL');
      await ended;
    },
  };
}
