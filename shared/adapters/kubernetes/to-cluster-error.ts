import { ClusterError, type ClusterErrorCode } from '../../ports/errors.ts';

const codes: Record<number, ClusterErrorCode> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  408: 'UNAVAILABLE',
  409: 'CONFLICT',
  410: 'GONE',
  429: 'UNAVAILABLE',
};

/**
 * A refusal of the API server as a ClusterError: `attempt` is what was tried (`PATCH /apis/…`), `words` the message of
 * its Status. 5xx and 429 may pass by themselves; any other 4xx is a request that can't be right.
 */
export function toClusterError(attempt: string, status: number, words: string, cause?: unknown): ClusterError {
  const code = codes[status] ?? (status >= 500 ? 'UNAVAILABLE' : 'INVALID');
  return new ClusterError(code, `${attempt}: ${status} ${bounded(words)}`, { status, cause });
}

function bounded(words: string): string {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  return line.length > 1024 ? `${line.slice(0, 1023)}…` : line;
}
