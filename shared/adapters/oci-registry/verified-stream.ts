import { createHash } from 'node:crypto';
import type { Descriptor } from '../../oci/manifest.ts';
import { RegistryError } from '../../ports/errors.ts';
import { toRegistryError } from './http/network-error.ts';

/**
 * The bytes of a blob as they come; fails when they are more than promised, and at the end when they are fewer or others.
 * Nobody may trust what was read before the stream has ended well. Cancelling frees the connection.
 */
export function verifiedStream(body: AsyncIterable<Uint8Array>, descriptor: Descriptor): ReadableStream<Uint8Array> {
  return ReadableStream.from(verified(body, descriptor));
}

async function* verified(body: AsyncIterable<Uint8Array>, { digest, size }: Descriptor): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let length = 0;
  try {
    for await (const part of body) {
      length += part.byteLength;
      if (length > size) throw mismatch(digest, `longer than its ${size} bytes`);
      hash.update(part);
      yield part;
    }
  } catch (error) {
    throw toRegistryError(error, `reading blob ${digest}`);
  }
  if (length !== size) throw mismatch(digest, `${length} of its ${size} bytes`);
  if (`sha256:${hash.digest('hex')}` !== digest) throw mismatch(digest, 'other bytes than its digest says');
}

function mismatch(digest: string, what: string): RegistryError {
  return new RegistryError('PROTOCOL', `reading blob ${digest}: the registry sent ${what}`, {
    detail: 'blob mismatch',
  });
}
