import type { ByteStore } from './byte-store.ts';

/** Bytes in memory, at most `capacity` in total: a runaway push must not take the process with it. */
export function createMemoryStore(capacity = 1 << 30): ByteStore {
  const entries = new Map<string, Uint8Array[]>();
  let stored = 0;

  function take(bytes: number): void {
    if (stored + bytes > capacity)
      throw new Error(`The registry's memory is full (${capacity} bytes): give it a data folder.`);
    stored += bytes;
  }

  function drop(key: string): boolean {
    stored -= lengthOf(entries.get(key) ?? []);
    return entries.delete(key);
  }

  return {
    size: async (key) => {
      const chunks = entries.get(key);
      return chunks === undefined ? undefined : lengthOf(chunks);
    },
    stream: (key, start, end) => slices(entries.get(key) ?? [], start, end),
    write: async (key, content) => {
      drop(key);
      take(content.length);
      entries.set(key, [content]);
    },
    append: async (key, content) => {
      take(content.length);
      const chunks = entries.get(key) ?? [];
      chunks.push(content);
      entries.set(key, chunks);
    },
    move: async (from, to) => {
      const chunks = entries.get(from) ?? [];
      if (from === to) return;
      drop(to);
      entries.delete(from);
      entries.set(to, chunks);
    },
    remove: async (key) => drop(key),
    list: async (prefix) => [...entries.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
}

function lengthOf(chunks: Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

async function* slices(chunks: Uint8Array[], start: number, end: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, start - offset), Math.max(0, end + 1 - offset));
    if (part.length > 0) yield part;
    offset += chunk.length;
  }
}
