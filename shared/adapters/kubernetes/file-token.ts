import { readFile } from 'node:fs/promises';
import type { TokenSource } from './connection.ts';

/** How long a read token serves; the kubelet renews its file when a fifth of the token's life (an hour) is left. */
const freshMs = 60_000;

/** A token that others rotate in a file: read again each minute, and when the server refuses the one that is remembered. */
export function createFileToken(file: string, now: () => number = Date.now): TokenSource {
  let token: string | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return async (refused) => {
    if (token !== undefined && token !== refused && now() - readAt < freshMs) return token;
    token = (await readFile(file, 'utf8')).trim();
    readAt = now();
    return token;
  };
}
