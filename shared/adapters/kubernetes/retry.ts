import { ClusterError } from '../../ports/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ApiAnswer } from './transport.ts';

export interface RetryOptions {
  /** All attempts, the first included. */
  attempts: number;
  sleep: (ms: number) => Promise<void>;
  now: () => Date;
  random: () => number;
  log: Logger | undefined;
}

const passing = new Set([429, 500, 502, 503, 504]);
const longestWaitMs = 30_000;

/**
 * Sends again after 429, 5xx and lost connections. Every write of ours may be sent twice: what it finds done the second
 * time (409, 404) is an answer of the port. A Retry-After beyond 30 s is left to the queue.
 */
export async function withRetries(
  attempt: string,
  send: () => Promise<ApiAnswer>,
  options: RetryOptions,
): Promise<ApiAnswer> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await send().catch(unavailable);
    const again = outcome instanceof ClusterError || passing.has(outcome.status);
    const wait = again && tried < options.attempts ? waitMs(outcome, tried, options) : Number.POSITIVE_INFINITY;
    if (wait > longestWaitMs) {
      if (outcome instanceof ClusterError) throw outcome;
      return outcome;
    }
    const why = outcome instanceof ClusterError ? outcome.message : `status ${outcome.status}`;
    options.log?.warn('API server: trying again', { attempt, tried, why, waitMs: wait });
    await options.sleep(wait);
  }
}

function unavailable(error: unknown): ClusterError {
  if (error instanceof ClusterError && error.code === 'UNAVAILABLE') return error;
  throw error;
}

/** What the server asks for, or 100, 200, 400, … ms, each up to half as much more so that callers spread. */
function waitMs(outcome: ApiAnswer | ClusterError, tried: number, { now, random }: RetryOptions): number {
  const backOff = 100 * 2 ** (tried - 1) * (1 + random() / 2);
  const asked = outcome instanceof ClusterError ? undefined : outcome.retryAfter;
  if (asked === undefined) return backOff;
  const seconds = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now().getTime();
  return Number.isFinite(seconds) ? Math.max(seconds, backOff) : backOff;
}
