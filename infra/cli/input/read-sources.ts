import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';

/** A text with the name that messages give it. */
export interface Source {
  name: string;
  text: string;
}

/** `kubectl get modules -A -o yaml` of a large fleet fits; a mistaken disk image does not. */
export const maxSourceBytes = 8 * 1024 * 1024;
const maxFiles = 10_000;
const extensions = ['.yaml', '.yml', '.json'];

/** Reads what `-f` names: files, the YAML and JSON files of directories in the order of their names, `-` for stdin. */
export async function* readSources(
  names: readonly string[],
  recursive: boolean,
  io: Pick<Io, 'stdin' | 'cwd'>,
): AsyncGenerator<Source> {
  let count = 0;
  for (const name of names) {
    if (name === '-') yield { name: 'stdin', text: await readText(io.stdin, 'stdin') };
    else
      for await (const file of listFiles(name, recursive, io.cwd)) {
        count += 1;
        if (count > maxFiles) throw new UsageError(`More than ${maxFiles} files: name a smaller folder.`);
        yield { name: file, text: await readFile(file, io.cwd) };
      }
  }
}

async function* listFiles(name: string, recursive: boolean, cwd: string): AsyncGenerator<string> {
  if (!(await isDirectory(name, cwd))) {
    yield name;
    return;
  }
  for (const entry of await entriesOf(name, cwd)) {
    const path = join(name, entry.name);
    if (entry.isDirectory()) {
      if (recursive) yield* listFiles(path, recursive, cwd);
    } else if (extensions.includes(extname(entry.name).toLowerCase())) yield path;
  }
}

async function isDirectory(name: string, cwd: string): Promise<boolean> {
  try {
    return (await stat(resolve(cwd, name))).isDirectory();
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

async function entriesOf(name: string, cwd: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(resolve(cwd, name), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

async function readFile(name: string, cwd: string): Promise<string> {
  try {
    await using file = await open(resolve(cwd, name));
    return await readText(file.createReadStream(), name);
  } catch (cause) {
    throw cause instanceof UsageError ? cause : unreadable(name, cause);
  }
}

/** Bounded while reading: the size of a pipe or a device is not known before. */
async function readText(stream: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > maxSourceBytes)
      throw new UsageError(`${name}: larger than ${maxSourceBytes / 2 ** 20} MiB: that is no file of Modules.`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unreadable(name: string, cause: unknown): UsageError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'an error';
  const why = code === 'ENOENT' ? 'there is no such file or directory' : `it can't be read (${code})`;
  return new UsageError(`${name}: ${why}.`, { cause });
}
