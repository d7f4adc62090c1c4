import type { Pod } from '../../../../shared/kubernetes/objects.ts';

type PodCondition = NonNullable<NonNullable<Pod['status']>['conditions']>[number];

export function isReady(pod: Pick<Pod, 'status'>): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** How long a pod still has to stay Ready until it counts as available; 0 when it does, undefined when it is not Ready. */
export function untilAvailableMs(pod: Pick<Pod, 'status'>, minReadySeconds: number, now: Date): number | undefined {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status !== 'True') return undefined;
  const since = Date.parse(ready.lastTransitionTime ?? '') || 0;
  return minReadySeconds === 0 ? 0 : Math.max(0, since + minReadySeconds * 1000 - now.getTime());
}

export function isFinished({ status }: Pick<Pod, 'status'>): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function conditionOf({ status }: Pick<Pod, 'status'>, type: string): PodCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}
