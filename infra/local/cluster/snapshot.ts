import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isKind, resources } from '../../../shared/kubernetes/resources.ts';
import { StoredObject } from './store/object.ts';
import type { ClusterStore } from './store/store.ts';

const Snapshot = z.object({
  version: z.number(),
  entries: z.array(z.object({ object: StoredObject, owners: z.record(z.string(), z.array(z.string())) })),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** How long changes gather before they are written; what is younger is lost when the process is killed. */
const settleMs = 250;

/** What an earlier process left in the folder. */
export async function readSnapshot(dataDir: string): Promise<Snapshot> {
  const file = fileIn(dataDir);
  try {
    return Snapshot.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { version: 0, entries: [] };
    throw new Error(`${file} can't be read: remove it to start with an empty cluster`, { cause: error });
  }
}

export function restore(store: ClusterStore, { entries }: Snapshot): void {
  for (const { object, owners } of entries) if (isKind(object.kind)) store.restore(object.kind, { object, owners });
}

/** Writes the whole store a moment after each change, never half a file. Returns a last write to await at the end. */
export function keepSnapshot(
  store: ClusterStore,
  dataDir: string,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.catch(() => undefined).then(() => writeSnapshot(store, dataDir));
    return writing;
  };
  const stop = store.subscribe(() => {
    timer ??= setTimeout(() => void save().catch(failed), settleMs);
  });
  return () => {
    stop();
    return save();
  };
}

async function writeSnapshot(store: ClusterStore, dataDir: string): Promise<void> {
  const kinds = Object.keys(resources).filter(isKind);
  const snapshot = { version: store.version(), entries: kinds.flatMap((kind) => [...store.entries(kind)]) };
  await mkdir(dataDir, { recursive: true });
  await writeFile(`${fileIn(dataDir)}.new`, JSON.stringify(snapshot), { mode: 0o600 });
  await rename(`${fileIn(dataDir)}.new`, fileIn(dataDir));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'cluster.json');
}
