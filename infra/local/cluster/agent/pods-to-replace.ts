import type { RunningPod } from '../store/readable.ts';
import type { Place } from './plan-daemon-set.ts';

/**
 * The outdated pods to delete now: all that are not available anyway, and as many available ones as `maxUnavailable`
 * still allows over the nodes where nothing is available.
 */
export function podsToReplace(places: Place[], maxUnavailable: number | string): RunningPod[] {
  const wanted = places.filter(({ fit }) => fit === 'run');
  const unavailable = wanted.filter(
    ({ pods }) => !pods.some(({ available, terminating }) => available && !terminating),
  );
  const outdated = wanted.flatMap(({ pods }) => pods.filter(({ updated, terminating }) => !updated && !terminating));
  const free = Math.max(0, resolveMaxUnavailable(maxUnavailable, wanted.length) - unavailable.length);
  return [...outdated.filter((pod) => !pod.available), ...outdated.filter((pod) => pod.available).slice(0, free)].map(
    ({ pod }) => pod,
  );
}

/** A percentage is of the wanted nodes, rounded up; nothing at all would stand still, so it is at least 1. */
export function resolveMaxUnavailable(value: number | string, wanted: number): number {
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  const count = percent === undefined ? Number(value) : Math.ceil((Number(percent) * wanted) / 100);
  return Number.isFinite(count) ? Math.max(1, count) : 1;
}
