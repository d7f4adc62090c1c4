import { ClusterError } from '../../ports/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ApiAnswer } from './transport.ts';

export interface RetryOptions {
  /** All attempts, the first included. */
  attempts: number;
  /** No attempt starts later than this after the first: who waits for us has a time-out too. */
  deadlineMs: number;
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
  const end = options.now().getTime() + options.deadlineMs;
  for (let tried = 1; ; tried += 1) {
    const outcome = await send().catch(unavailable);
    const wait = waitMs(outcome, tried, options);
    const tooLate = options.now().getTime() + wait > end;
    if (wait > longestWaitMs || tooLate) return answerOf(outcome);
    const why = outcome instanceof ClusterError ? outcome.message : `status ${outcome.status}`;
    options.log?.warn('API server: trying again', { attempt, tried, why, waitMs: wait });
    await options.sleep(wait);
  }
}

function answerOf(outcome: ApiAnswer | ClusterError): ApiAnswer {
  if (outcome instanceof ClusterError) throw outcome;
  return outcome;
}

function unavailable(error: unknown): ClusterError {
  if (error instanceof ClusterError && error.code === 'UNAVAILABLE') return error;
  throw error;
}

/**
 * What the server asks for, or 100, 200, 400, … ms, each up to half as much more so that callers spread. Without end for
 * what no repetition changes, and after the last attempt.
 */
function waitMs(outcome: ApiAnswer | ClusterError, tried: number, options: RetryOptions): number {
  const isPassing = outcome instanceof ClusterError || passing.has(outcome.status);
  if (!isPassing || tried >= options.attempts) return Number.POSITIVE_INFINITY;
  const backOff = 100 * 2 ** (tried - 1) * (1 + options.random() / 2);
  const asked = outcome instanceof ClusterError ? undefined : outcome.retryAfter;
  return Math.max(backOff, askedMs(asked, options.now()));
}

/** Retry-After as seconds or as a date; 0 when there is none that can be read. */
function askedMs(retryAfter: string | undefined, now: Date): number {
  const ms = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : Date.parse(retryAfter ?? '') - now.getTime();
  return Number.isFinite(ms) ? ms : 0;
}
