import { once } from 'node:events';
import type { Output } from '../io.ts';

/** Writes, and waits while the reader is behind: memory stays constant however slow it is. */
export async function write(stream: Output, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
