import { labels } from '../../kmm/labels.ts';
import type { DaemonSet } from '../../kubernetes/objects.ts';
import type { RolloutTrigger } from '../trigger.ts';
import type { Change } from './change.ts';

/** A rollout starts to hurt, stops to hurt, or is complete; not each step between. */
export function daemonSetTriggers({ before, after }: Change<DaemonSet>): RolloutTrigger[] {
  const daemonSet = after ?? before;
  const module = daemonSet?.metadata.labels[labels.moduleName];
  if (daemonSet?.metadata.namespace === undefined || module === undefined) return [];
  if (after !== undefined && !daemonSetDiffers(before, after)) return [];
  return [{ kind: 'rollout', namespace: daemonSet.metadata.namespace, module }];
}

/** Complete or unavailable flips. One that is seen for the first time counts when it is either. */
export function daemonSetDiffers(before: DaemonSet | undefined, after: DaemonSet): boolean {
  return isComplete(before) !== isComplete(after) || isUnavailable(before) !== isUnavailable(after);
}

function isComplete(daemonSet: DaemonSet | undefined): boolean {
  const status = daemonSet?.status;
  return (
    status !== undefined &&
    status.observedGeneration === daemonSet?.metadata.generation &&
    status.updatedNumberScheduled === status.desiredNumberScheduled &&
    status.numberAvailable === status.desiredNumberScheduled
  );
}

function isUnavailable(daemonSet: DaemonSet | undefined): boolean {
  return (daemonSet?.status?.numberUnavailable ?? 0) > 0;
}
