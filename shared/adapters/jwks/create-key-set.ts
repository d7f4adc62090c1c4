import { type JsonWebKeys, type KeySet, KeysUnavailable } from '../../events/sources/oidc-token.ts';
import { fetchKeys } from './fetch-keys.ts';
import type { JwksOptions } from './jwks-options.ts';

/** Issuers publish a key well before they sign with it; an hour finds a withdrawn one soon enough. */
const freshMilliseconds = 60 * 60 * 1000;

/** While an issuer is away, its last keys go on to count for this long. */
const keptMilliseconds = 24 * freshMilliseconds;

/** Anybody can name a key that does not exist: between two questions to the issuer there is a pause. */
const pauseMilliseconds = 10_000;

/**
 * The keys of an issuer, fetched at first use and kept for an hour; a token that names another key has them fetched anew, so
 * that a rotation is seen at once. Requests that wait share one fetch.
 */
export function createKeySet(options: JwksOptions): KeySet {
  let held: { keys: JsonWebKeys; at: number } | undefined;
  let failure: KeysUnavailable | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;

  async function refresh(at: number): Promise<void> {
    triedAt = at;
    try {
      held = { keys: await fetchKeys(options), at };
      failure = undefined;
    } catch (cause) {
      failure = new KeysUnavailable(
        `fetching the keys of ${new URL(options.uri).origin}: not possible now, try again`,
        {
          cause,
        },
      );
    } finally {
      pending = undefined;
    }
  }

  return async (kid) => {
    const time = options.now().getTime();
    const age = held === undefined ? Number.POSITIVE_INFINITY : time - held.at;
    const wanted = age > freshMilliseconds || !held?.keys.keys.some((key) => key.kid === kid);
    if (wanted && pending === undefined && time - triedAt >= pauseMilliseconds) pending = refresh(time);
    if (wanted) await pending;
    if (held !== undefined && time - held.at <= keptMilliseconds) return held.keys;
    throw failure ?? new KeysUnavailable(`the keys of ${new URL(options.uri).origin} are too old`);
  };
}
