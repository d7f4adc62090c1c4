import type { DaemonSet, Node, Toleration } from '../kubernetes/objects.ts';
import { tolerates } from '../kubernetes/taints.ts';

/** What the DaemonSet controller lets every pod of its own tolerate, whatever the template says. */
const always: Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoSchedule',
  })),
];

/**
 * Whether the DaemonSet controller counts a node among those that shall have a pod. A node that went silent is tainted
 * `NoSchedule` as well: unless the template tolerates that, its pod stays, and is counted against `maxUnavailable`, but in no
 * number of the status. https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations
 */
export function isScheduledOn({ spec }: DaemonSet, node: Node): boolean {
  const tolerations = [...(spec.template.spec.tolerations ?? []), ...always];
  return (node.spec?.taints ?? [])
    .filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}
