import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ByteStore } from './byte-store.ts';

/** Bytes as files below one folder, so that a registry started again with the same folder has what it had. */
export function createDiskStore(folder: string): ByteStore {
  const root = resolve(folder);
  const fileOf = (key: string): string => join(root, key);

  return {
    size: (key) => sizeOf(fileOf(key)),
    stream: (key, start, end) => createReadStream(fileOf(key), { start, end }),
    write: async (key, content) => {
      const unfinished = join(root, 'unfinished', randomUUID());
      await ensureParent(unfinished);
      await writeFile(unfinished, content);
      await moveFile(unfinished, fileOf(key));
    },
    append: async (key, content) => {
      await ensureParent(fileOf(key));
      await appendFile(fileOf(key), content);
    },
    move: (from, to) => moveFile(fileOf(from), fileOf(to)),
    remove: async (key) => {
      const existed = (await sizeOf(fileOf(key))) !== undefined;
      await rm(fileOf(key), { force: true });
      return existed;
    },
    list: async (prefix) => {
      const found = await absentIs([], readdir(fileOf(prefix), { recursive: true, withFileTypes: true }));
      const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return files.map((file) => relative(root, file)).sort();
    },
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await absentIs(undefined, stat(file));
  return found?.isFile() ? found.size : undefined;
}

/** Only "not there" is an answer; a disk that fails must not look like an empty registry. */
async function absentIs<T, A>(absent: A, asked: Promise<T>): Promise<T | A> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return absent;
    throw error;
  }
}

async function moveFile(from: string, to: string): Promise<void> {
  await ensureParent(to);
  await rename(from, to);
}

async function ensureParent(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
}
