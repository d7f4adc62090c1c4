import type { Place } from './plan-daemon-set.ts';
import { isReady } from './pod-condition.ts';

export interface DaemonSetStatus {
  observedGeneration: number;
  desiredNumberScheduled: number;
  currentNumberScheduled: number;
  numberMisscheduled: number;
  updatedNumberScheduled: number;
  numberReady: number;
  numberAvailable: number;
  numberUnavailable: number;
}

/** The counters that a DaemonSet controller reports: the newest pod of each wanted node counts. */
export function daemonSetStatus(places: Place[], generation: number): DaemonSetStatus {
  const wanted = places.filter(({ fit }) => fit === 'run');
  const newest = wanted.flatMap(({ pods }) => pods.slice(0, 1));
  const numberAvailable = newest.filter(({ available }) => available).length;
  return {
    observedGeneration: generation,
    desiredNumberScheduled: wanted.length,
    currentNumberScheduled: newest.length,
    numberMisscheduled: places.filter(({ fit, pods }) => fit !== 'run' && pods.length > 0).length,
    updatedNumberScheduled: newest.filter(({ updated }) => updated).length,
    numberReady: newest.filter(({ pod }) => isReady(pod)).length,
    numberAvailable,
    numberUnavailable: wanted.length - numberAvailable,
  };
}
