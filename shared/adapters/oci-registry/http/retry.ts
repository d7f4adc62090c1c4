import { retryAfterSeconds } from '../../../oci/retry-after.ts';
import { defaultRetry, type OciRegistryOptions } from '../options.ts';
import { isConnectionLost } from './network-error.ts';
import { discard } from './read-body.ts';
import type { HttpAnswer } from './send.ts';

const passing = new Set([429, 500, 502, 503, 504]);

export type Retry = (attempt: () => Promise<HttpAnswer>) => Promise<HttpAnswer>;

/**
 * Repeats what is harmless to repeat while the registry is busy, failing or resets the connection. The last answer or error
 * is returned as it is; so is one that asks for more patience than a function can afford.
 */
export function createRetry(options: OciRegistryOptions): Retry {
  const { attempts, baseDelay, longestWait } = { ...defaultRetry, ...options.retry };
  const now = options.now ?? (() => new Date());
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? ((milliseconds) => new Promise((done) => setTimeout(done, milliseconds)));

  /** How long to wait before the next attempt; `undefined`: this answer is the last. */
  function pause({ status, headers }: HttpAnswer, backOff: number): number | undefined {
    if (!passing.has(status)) return undefined;
    const asked = retryAfterSeconds(headers['retry-after'], now());
    const wait = asked === undefined ? backOff : asked * 1000;
    return wait > longestWait ? undefined : wait;
  }

  async function next(answer: HttpAnswer, backOff: number): Promise<HttpAnswer | undefined> {
    const wait = pause(answer, backOff);
    if (wait === undefined) return answer;
    await discard(answer);
    await sleep(wait);
    return undefined;
  }

  return async (attempt) => {
    for (let number = 1; number < attempts; number += 1) {
      const backOff = baseDelay * 2 ** (number - 1) * (0.5 + random() / 2);
      const answer = await attempt().catch(onlyLost);
      if (answer === undefined) await sleep(backOff);
      const final = answer && (await next(answer, backOff));
      if (final !== undefined) return final;
    }
    return attempt();
  };
}

function onlyLost(error: unknown): undefined {
  if (!isConnectionLost(error)) throw error;
}
