import type { DaemonSet } from '../kubernetes/objects.ts';

/**
 * What `maxUnavailable` of a DaemonSet of ours should be now; undefined when it is so, or when no pod is
 * left to be replaced. One node first (the canary), and
 * when its pod is available the wider value. Our pods on nodes that are NotReady count as unavailable for ever, so they are
 * added on top: a dead node blocks nothing. A new DaemonSet reaches all its nodes at once whatever stands here: the
 * DaemonSet controller heeds `maxUnavailable` only when it replaces pods, not where there are none.
 * https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
 */
export function planRollout(of: {
  live: DaemonSet;
  podsOnDeadNodes: number;
  updatedAvailable: number;
  /** The wider value: a number or a percentage. */
  maxUnavailable: string;
}): { maxUnavailable: number | string } | undefined {
  const { live, podsOnDeadNodes, updatedAvailable } = of;
  // Counts of another generation say nothing about this template: the canary could be an old pod.
  if ((live.status?.observedGeneration ?? 0) !== live.metadata.generation) return undefined;
  const nodes = live.status?.desiredNumberScheduled ?? 0;
  if ((live.status?.updatedNumberScheduled ?? 0) >= nodes) return undefined;
  const wanted = updatedAvailable > 0 ? widened(of.maxUnavailable, nodes, podsOnDeadNodes) : 1 + podsOnDeadNodes;
  return live.spec.updateStrategy?.rollingUpdate?.maxUnavailable === wanted ? undefined : { maxUnavailable: wanted };
}

/** A percentage stays one, so that it follows the fleet; only beside dead nodes it has to become a number. */
function widened(value: string, nodes: number, deadPods: number): number | string {
  const [text = '', amount, percent] = value.match(/^([1-9][0-9]*)(%?)$/) ?? ['10%', '10', '%'];
  if (percent === '') return Number(amount) + deadPods;
  return deadPods === 0 ? text : Math.ceil((Number(amount) * nodes) / 100) + deadPods;
}
