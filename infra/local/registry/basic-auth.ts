import { createHash, timingSafeEqual } from 'node:crypto';
import type { Answer } from './answer.ts';
import { refuse } from './refusal.ts';

export interface BasicAuth {
  username: string;
  password: string;
}

/** A 401 with its challenge, unless the header holds the credentials. Without `auth` everybody may come in. */
export function challenge(header: string | undefined, auth: BasicAuth | undefined): Answer | undefined {
  if (auth === undefined) return undefined;
  const given = /^basic +(\S+)$/i.exec(header ?? '')?.[1] ?? '';
  const wanted = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
  // Digests have one length, which timingSafeEqual needs.
  if (timingSafeEqual(sha256(given), sha256(wanted))) return undefined;
  return refuse('UNAUTHORIZED', 'authentication required', { 'WWW-Authenticate': 'Basic realm="kmm"' });
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
