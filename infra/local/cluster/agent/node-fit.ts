import type { Node, Toleration } from '../../../../shared/kubernetes/objects.ts';
import { matchesLabels } from '../../../../shared/kubernetes/selectors.ts';
import { tolerates } from '../../../../shared/kubernetes/taints.ts';
import type { PodSpec } from '../store/readable.ts';

/** `run`: a pod belongs here. `keep`: none is started, a running one stays (NoSchedule). `leave`: none may be here. */
export type Fit = 'run' | 'keep' | 'leave';

/** Whether a DaemonSet's pod belongs on a node: by nodeSelector and taints (node affinity is not played). */
export function nodeFit(spec: PodSpec, node: Node): Fit {
  if (!matchesLabels(spec.nodeSelector ?? {}, node.metadata.labels)) return 'leave';
  const tolerations = podTolerations(spec);
  const open = (node.spec?.taints ?? []).filter(
    (taint) => !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  if (open.some(({ effect }) => effect === 'NoExecute')) return 'leave';
  return open.some(({ effect }) => effect === 'NoSchedule') ? 'keep' : 'run';
}

/** The pod's tolerations and those that the DaemonSet controller adds. https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations */
export function podTolerations(spec: PodSpec): Toleration[] {
  return [...(spec.tolerations ?? []), ...always, ...(spec.hostNetwork ? [networkUnavailable] : [])];
}

const exists = (key: string, effect: string): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
});
const networkUnavailable = exists('network-unavailable', 'NoSchedule');
const always = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
];
