import type { IncomingMessage } from 'node:http';
import { ClusterError } from '../../ports/errors.ts';

/** The body as text. An answer larger than `limit` bytes is given up at once: it would fill our memory. */
export async function readBounded(response: IncomingMessage, limit: number, attempt: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      throw new ClusterError('INVALID', `${attempt}: the answer is larger than ${limit} bytes; ask for smaller pages`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
