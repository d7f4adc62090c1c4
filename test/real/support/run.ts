import { execFile } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  input?: string;
  env?: Record<string, string>;
}

/** Runs a program to its end, at most 5 minutes; its standard output. Throws with all that it said when it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { cwd, input = '', env = {} } = options;
  const settings = { cwd, env: { ...process.env, ...env }, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 };
  const child = execFile(command, args, settings, (error, stdout, stderr) => {
    if (error === null) resolve(stdout);
    else reject(new Error(`${command} ${args.join(' ')} failed: ${stderr.trim() || error.message}`, { cause: error }));
  });
  // A program that ends without reading its input is no failure of ours.
  child.stdin?.on('error', () => undefined).end(input);
  return promise;
}
