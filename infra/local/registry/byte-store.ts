/**
 * Named byte strings: all that the registry asks of a disk or of memory. Keys are paths of checked parts
 * (`repositories/a/b/_tags/v1`); a caller never passes on text that no grammar has accepted.
 */
export interface ByteStore {
  /** `undefined`: no such key. */
  size(key: string): Promise<number | undefined>;
  /** Streams the bytes from `start` to `end`, both included. The key must exist. */
  stream(key: string, start: number, end: number): AsyncIterable<Uint8Array>;
  /** Whole or not at all, also when the process dies meanwhile. */
  write(key: string, content: Uint8Array): Promise<void>;
  /** Makes the key when it is absent. */
  append(key: string, content: Uint8Array): Promise<void>;
  /** Atomic; what stood at `to` is replaced. */
  move(from: string, to: string): Promise<void>;
  /** `false` when there was nothing. */
  remove(key: string): Promise<boolean>;
  /** The keys below a prefix that ends in `/`, sorted. */
  list(prefix: string): Promise<string[]>;
}

/** A small value whole (a link, a tag, a manifest); `undefined`: no such key. */
export async function readWhole(store: ByteStore, key: string): Promise<Uint8Array | undefined> {
  const size = await store.size(key);
  if (size === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  if (size > 0) for await (const chunk of store.stream(key, 0, size - 1)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
