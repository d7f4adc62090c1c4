import { Buffer } from 'node:buffer';

/** Cuts a stream into pieces of exactly `size` bytes, the last one shorter; no piece is empty. */
export async function* toChunks(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const arrived of content) {
    let part = arrived;
    while (held + part.byteLength >= size) {
      yield Buffer.concat([...parts, part.subarray(0, size - held)]);
      part = part.subarray(size - held);
      parts = [];
      held = 0;
    }
    if (part.byteLength > 0) parts.push(part);
    held += part.byteLength;
  }
  if (held > 0) yield Buffer.concat(parts);
}
