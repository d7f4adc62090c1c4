import type { Readable } from 'node:stream';

export interface Line {
  /** From 1. */
  number: number;
  /** Undefined: longer than the bound, and dropped. */
  text: string | undefined;
}

/** A Module in etcd is smaller than this. */
export const maxLineBytes = 4 * 1024 * 1024;

const newline = 0x0a;

/** The lines of a stream as they come, those of one chunk together. A last line may lack its newline. */
export async function* readLines(stream: Readable, longest = maxLineBytes): AsyncGenerator<Line[]> {
  const pending = createPending(longest);
  let number = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const lines: Line[] = [];
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      pending.add(bytes.subarray(from, end));
      number += 1;
      lines.push({ number, text: pending.take() });
      from = end + 1;
    }
    pending.add(bytes.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (!pending.isEmpty()) yield [{ number: number + 1, text: pending.take() }];
}

/** The line that is not complete yet; of one over the bound only that it was so is kept. */
function createPending(longest: number) {
  let parts: Buffer[] = [];
  let bytes = 0;
  return {
    isEmpty: () => bytes === 0,
    add(part: Buffer) {
      bytes += part.length;
      if (bytes > longest) parts = [];
      else if (part.length > 0) parts.push(part);
    },
    take(): string | undefined {
      const text = bytes > longest ? undefined : Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      return text;
    },
  };
}
