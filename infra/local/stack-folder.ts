import { createWriteStream, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { parseJson, parseWith } from '../../shared/kmm/parse.ts';

/** 0: any free one. */
const Ports = z.object({ api: z.int(), registry: z.int(), server: z.int() });
export type StackPorts = z.infer<typeof Ports>;

/** Where a stack keeps its files: a folder of the user's, or a temporary one that goes with the stack. */
export interface StackFolder {
  path: string;
  /** Whether the cluster and the registry outlive the process. */
  isKept: boolean;
  /** What an earlier stack used here. Images and kubeconfigs name ports, so they stay. */
  readPorts(): Promise<StackPorts>;
  writePorts(ports: StackPorts): Promise<void>;
  /** Only the owner can read it; returns its path. */
  write(name: string, text: string): Promise<string>;
  /** Appends lines to a file. */
  openLog(name: string): (line: string) => void;
  close(): Promise<void>;
}

export async function openStackFolder(dataDir?: string): Promise<StackFolder> {
  const isKept = dataDir !== undefined;
  const path = isKept ? resolve(dataDir) : await mkdtemp(join(tmpdir(), 'kmm-'));
  await mkdir(path, { recursive: true });
  const ports = join(path, 'ports.json');
  const closers: (() => Promise<void>)[] = [];
  // For an exit that closes nothing: a temporary folder must not outlive the process.
  const remove = () => rmSync(path, { recursive: true, force: true });
  if (!isKept) process.once('exit', remove);

  return {
    path,
    isKept,
    readPorts: () => readPorts(ports),
    writePorts: async (chosen) => {
      if (isKept) await writeFile(ports, `${JSON.stringify(chosen)}\n`);
    },
    async write(name, text) {
      const file = join(path, name);
      await writeFile(file, text, { mode: 0o600 });
      return file;
    },
    openLog(name) {
      const log = createWriteStream(join(path, name), { flags: 'a', mode: 0o600 });
      closers.push(() => new Promise((done) => log.end(done)));
      return (line) => void log.write(line);
    },
    async close() {
      for (const close of closers.splice(0)) await close();
      if (!isKept) await rm(path, { recursive: true, force: true });
      process.off('exit', remove);
    },
  };
}

async function readPorts(file: string): Promise<StackPorts> {
  try {
    return parseWith(Ports, parseJson(await readFile(file, 'utf8'), file), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { api: 0, registry: 0, server: 0 };
    throw error;
  }
}
