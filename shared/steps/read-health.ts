import { labels } from '../kmm/labels.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { PodHealth } from '../reconcile/pod-health.ts';
import { podHealth } from '../reconcile/pod-health.ts';
import type { RunReads } from './run-reads.ts';

/**
 * Pods of a DaemonSet that is not (yet) wholly updated and available, and the nodes of those that are not ready. A DaemonSet
 * that is fine costs no read.
 */
export async function healthOf(
  module: { namespace: string; name: string },
  daemonSet: DaemonSet | undefined,
  ports: Pick<TargetPorts, 'now'>,
  reads: RunReads,
): Promise<PodHealth | undefined> {
  if (daemonSet === undefined || isFine(daemonSet)) return undefined;
  const pods = (await reads.podsOf(module)).filter(
    ({ metadata }) => metadata.labels[labels.daemonSet] === daemonSet.metadata.name,
  );
  const names = new Set(
    pods
      .filter(({ status }) => !status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))
      .flatMap(({ spec }) => spec?.nodeName ?? []),
  );
  const nodes = new Map((await reads.nodes([...names])).map((node) => [node.metadata.name, node]));
  return podHealth(daemonSet, pods, nodes, ports.now());
}

function isFine({ metadata, status }: DaemonSet): boolean {
  if (status === undefined || status.observedGeneration !== metadata.generation) return false;
  const { desiredNumberScheduled: desired, updatedNumberScheduled: updated, numberAvailable: available } = status;
  return updated === desired && available === desired;
}
