import { type Decoded, ignored } from '../events/decoded.ts';
import { createBoundedMap } from '../oci/bounded-map.ts';
import { digestOf } from '../oci/digest.ts';

/** Longer than senders wait for an answer before they try again; short enough that a delivery sent anew by hand counts. */
const windowMilliseconds = 10 * 60_000;

/** A few megabytes at most, whatever senders call their deliveries. */
const limit = 10_000;

/**
 * What a door has queued lately, so that a sender that missed our answer does not make us work twice. Per process and bounded:
 * what slips through is a repeat like any other, and those are harmless. Senders that name no delivery are never absorbed: two
 * pushes of one tag look the same.
 */
export function createRecentDeliveries(now: () => Date) {
  const queued = createBoundedMap<number>(limit);
  const keyOf = (from: string, delivery: string) => digestOf(JSON.stringify([from, delivery]));
  const isReplay = (from: string, delivery: string) => {
    const at = queued.get(keyOf(from, delivery));
    return at !== undefined && now().getTime() - at < windowMilliseconds;
  };
  return {
    /** The same items, with replays ignored. */
    absorb: (from: string, decoded: readonly Decoded[]): Decoded[] =>
      decoded.map((item) =>
        item.kind === 'triggers' && item.delivery !== undefined && isReplay(from, item.delivery)
          ? ignored('delivered before')
          : item,
      ),
    /** Only what has been queued: what failed comes again under its old name. */
    remember(from: string, decoded: readonly Decoded[]): void {
      for (const item of decoded) {
        if (item.kind === 'triggers' && item.delivery !== undefined)
          queued.set(keyOf(from, item.delivery), now().getTime());
      }
    },
  };
}

export type RecentDeliveries = ReturnType<typeof createRecentDeliveries>;
