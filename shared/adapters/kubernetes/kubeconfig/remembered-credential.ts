import type { ExecStatus } from './exec-plugin.ts';

/** A token that is used up to its last second is refused on the way. */
const earlyMs = 10_000;

/**
 * What `run` gave, until it expires or the server refuses it. Many who ask at once wait for one run; a run that fails is
 * not remembered.
 */
export function rememberCredential(
  run: () => Promise<ExecStatus>,
  now: () => number,
): (refused?: string) => Promise<ExecStatus> {
  let known: ExecStatus | undefined;
  let running: Promise<ExecStatus> | undefined;
  const renew = async () => {
    known = undefined;
    known = await run();
    return known;
  };
  return async (refused) => {
    if (known !== undefined && isGood(known, now()) && (refused === undefined || known.token !== refused)) return known;
    running ??= renew().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Without an expiry it is good for as long as the process lives, or the server says 401. */
function isGood({ expirationTimestamp }: ExecStatus, now: number): boolean {
  return expirationTimestamp === undefined || Date.parse(expirationTimestamp) - earlyMs > now;
}
