import { planRollout } from '../desired/rollout.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { PodHealth } from '../reconcile/pod-health.ts';

/** Moves a rollout on: one node more than the dead ones first, the widened value once an updated pod is available. */
export async function widenRollout(
  live: DaemonSet | undefined,
  health: PodHealth | undefined,
  maxUnavailable: string,
  ports: Pick<TargetPorts, 'cluster'>,
): Promise<void> {
  if (live === undefined || health === undefined || !replacesPods(live)) return;
  const { onDeadNodes: podsOnDeadNodes, updatedAvailable } = health;
  const strategy = planRollout({ live, podsOnDeadNodes, updatedAvailable, maxUnavailable });
  if (strategy === undefined) return;
  const { name, namespace } = live.metadata;
  await ports.cluster.patch(
    'DaemonSet',
    { name, ...(namespace === undefined ? {} : { namespace }) },
    { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: strategy } } },
    { resourceVersion: live.metadata.resourceVersion },
  );
}

/** `maxUnavailable` matters only while pods of an older template stand: a first rollout needs no step. */
function replacesPods({ status }: DaemonSet): boolean {
  return (status?.updatedNumberScheduled ?? 0) < (status?.currentNumberScheduled ?? 0);
}
