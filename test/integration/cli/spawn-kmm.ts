import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const main = join(import.meta.dirname, '../../../infra/cli/main.ts');

/** Starts `kmm` as a process of its own, without a terminal and with a bare environment. */
export function startKmm(argv: readonly string[], cwd: string, env: Record<string, string> = {}) {
  return spawn(process.execPath, [main, ...argv], { cwd, env: { PATH: process.env['PATH'], HOME: cwd, ...env } });
}

/** Runs it to its end. */
export async function spawnKmm(argv: readonly string[], cwd: string, stdin = '', env: Record<string, string> = {}) {
  const child = startKmm(argv, cwd, env);
  const ended = once(child, 'close');
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
