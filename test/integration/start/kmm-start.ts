import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const Line = z.object({ seconds: z.number(), kind: z.string(), text: z.string(), data: z.unknown().optional() });
export type Line = z.infer<typeof Line>;

/** `kmm start -o json` as a process of its own. */
export interface KmmStart extends AsyncDisposable {
  process: ChildProcess;
  /** All lines until now. */
  lines: readonly Line[];
  /** The first line, of those that came or come, that is looked for; rejects when the process ends without it. */
  line(isIt: (line: Line) => boolean): Promise<Line>;
  /** Exit code and standard error, once it has ended. */
  ended: Promise<{ code: number | null; stderr: string }>;
}

const root = join(import.meta.dirname, '../../..');

export function startKmm(...args: string[]): KmmStart {
  const child = spawn(process.execPath, ['infra/cli/main.ts', 'start', '-o', 'json', ...args], { cwd: root });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => void look());
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(Line.parse(JSON.parse(text)));
    wake();
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  let hasEnded = false;
  const ended = once(child, 'close').then(([code]) => {
    hasEnded = true;
    wake();
    return { code, stderr };
  });

  return {
    process: child,
    lines,
    ended,
    line: (isIt) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(isIt);
          if (found === undefined && !hasEnded) return;
          waiting.delete(look);
          if (found) resolve(found);
          else
            reject(
              new Error(`kmm start ended without the line: ${stderr}\n${lines.map(({ text }) => text).join('\n')}`),
            );
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (!hasEnded) child.kill('SIGKILL');
      await ended;
    },
  };
}

export function textsOf(lines: readonly Line[], kind: string): string[] {
  return lines.filter((line) => line.kind === kind).map(({ text }) => text);
}

/** The temporary folder that the welcome names. */
export function folderIn(lines: readonly Line[]): string {
  const folder = /files +(\S+)/.exec(textsOf(lines, 'note').join('\n'))?.[1];
  if (folder === undefined) throw new Error('the welcome names no folder');
  return folder;
}
