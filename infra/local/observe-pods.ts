import { labels, roles } from '../../shared/kmm/labels.ts';
import { DaemonSet } from '../../shared/kubernetes/objects.ts';
import type { ClusterStore } from './cluster/store/store.ts';
import type { Tell } from './stack-event.ts';

/** Tells whenever more pods of one of our DaemonSets are ready than before. Returns what ends it. */
export function observePods(store: ClusterStore, tell: Tell): () => void {
  return store.subscribe(({ kind, type, object, previous }) => {
    if (kind !== 'DaemonSet' || type !== 'MODIFIED') return;
    const now = DaemonSet.parse(object);
    const role = now.metadata.labels[labels.role];
    if (role !== roles.moduleLoader && role !== roles.devicePlugin) return;
    const readyBefore = DaemonSet.safeParse(previous).data?.status?.numberReady ?? 0;
    const { numberReady = 0, updatedNumberScheduled = 0, desiredNumberScheduled = 0 } = now.status ?? {};
    if (numberReady <= readyBefore) return;
    const pods = { daemonSet: now.metadata.name, role, ready: numberReady, updated: updatedNumberScheduled };
    tell({ kind: 'pods', pods: { ...pods, desired: desiredNumberScheduled } });
  });
}
