/** A failed build, signing or inspection is tried again after 1, 5 and 25 minutes, then only on changed inputs, a registry event or a force. */
const delaysMinutes = [1, 5, 25];

const minute = 60_000;

/** How long a request over the bus may run before it counts as lost. */
export const lostAfterMs = 20 * minute;
/** How long after a success the image may take to show. */
export const settleMs = minute;

/** When attempt `n` (from 1), which ended at `endedAt`, is due again; `undefined`: not by itself. */
export function retryAt(attempt: number, endedAt: string): Date | undefined {
  const delay = delaysMinutes[attempt - 1];
  const ended = Date.parse(endedAt);
  return delay === undefined || Number.isNaN(ended) ? undefined : new Date(ended + delay * minute);
}

export function isDue(at: Date | undefined, now: Date): boolean {
  return at !== undefined && at.getTime() <= now.getTime();
}

/** Milliseconds since an RFC 3339 time; infinite when it is missing or unreadable. */
export function ageMs(since: string | undefined, now: Date): number {
  const time = since === undefined ? Number.NaN : Date.parse(since);
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : now.getTime() - time;
}

/**
 * When to look again at a target that is rolling out: after minReadySeconds, then 30 s, then each minute for 10 minutes.
 * `attempt` counts the looks that have gone; `undefined`: no more, the sweep has it.
 */
export function nextLookSeconds(attempt: number): number | undefined {
  if (attempt === 0) return 11;
  if (attempt === 1) return 30;
  return attempt <= 11 ? 60 : undefined;
}
