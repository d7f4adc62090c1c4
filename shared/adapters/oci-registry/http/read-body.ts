import { Buffer } from 'node:buffer';
import { RegistryError } from '../../../ports/errors.ts';
import { toRegistryError } from './network-error.ts';
import type { HttpAnswer } from './send.ts';

/** All small answers together may take this long: the idle limit alone lets a body drip for ever. */
const wholeBodyMilliseconds = 60_000;

/** Reads a body of at most `limit` bytes; throws RegistryError when it is longer, stalls or breaks off. */
export async function readBody({ body, url }: HttpAnswer, limit: number): Promise<Uint8Array> {
  const deadline = setTimeout(
    () => body.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })),
    wholeBodyMilliseconds,
  );
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      length += part.byteLength;
      if (length > limit)
        throw new RegistryError('PROTOCOL', `the answer of ${url.host} is longer than ${limit} bytes`);
    }
  } catch (error) {
    throw toRegistryError(error, `reading the answer of ${url.host}`);
  } finally {
    clearTimeout(deadline);
  }
  return Buffer.concat(parts);
}

/** Frees the connection of an answer whose body nobody wants: a short rest is read, so that it can serve again. */
export async function discard(answer: HttpAnswer): Promise<void> {
  await readBody(answer, 65_536).catch(() => undefined);
}
