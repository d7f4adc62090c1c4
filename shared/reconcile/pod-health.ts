import type { ContainerStatus, DaemonSet, Node, Pod } from '../kubernetes/objects.ts';
import { isScheduledOn } from './is-scheduled-on.ts';

/** The DaemonSet controller's own marks of which template a pod was made from. */
const generationAnnotation = 'deprecated.daemonset.template.generation';
const generationLabel = 'pod-template-generation';

const failing = ['CrashLoopBackOff', 'ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];

/** What the pods of one DaemonSet say beyond its counters. */
export interface PodHealth {
  /**
   * Nodes that are NotReady and bear a pod of it: the controller counts each against `maxUnavailable`. A pod that is going
   * counts too: the controller replaces it at once, and then waits for a kubelet that is not there.
   */
  onDeadNodes: number;
  /** How many of those are among the nodes that the status desires. */
  desiredOnDeadNodes: number;
  /** How many of these again bear a pod of the present template. */
  updatedOnDeadNodes: number;
  /** Pods of the present template that have been ready for `minReadySeconds`. */
  updatedAvailable: number;
  /** The words of a pod of the present template that can't start or ended badly. */
  trouble: string | undefined;
}

export function podHealth(
  daemonSet: DaemonSet,
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
  now: Date,
): PodHealth {
  const generation = daemonSet.metadata.annotations[generationAnnotation];
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const dead = (some: readonly Pod[]) =>
    [...new Set(some.flatMap(({ spec }) => spec?.nodeName ?? []))]
      .flatMap((name) => nodes.get(name) ?? [])
      .filter(isDead);
  const desired = (some: readonly Node[]) => some.filter((node) => isScheduledOn(daemonSet, node));
  const updated = alive.filter(
    (pod) => generation === undefined || pod.metadata.labels[generationLabel] === generation,
  );
  const ready = updated.filter((pod) => isAvailable(pod, daemonSet.spec.minReadySeconds ?? 0, now));
  return {
    onDeadNodes: dead(pods).length,
    desiredOnDeadNodes: desired(dead(pods)).length,
    updatedOnDeadNodes: desired(dead(updated)).length,
    updatedAvailable: ready.length,
    trouble: updated.map(troubleOf).find((words) => words !== undefined),
  };
}

/** NotReady or Unknown; a node that was not read counts as alive. */
export function isDead(node: Node | undefined): boolean {
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready !== undefined && ready.status !== 'True';
}

function isAvailable(pod: Pod, minReadySeconds: number, now: Date): boolean {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') return false;
  const since = Date.parse(ready.lastTransitionTime ?? '');
  return Number.isNaN(since) || now.getTime() - since >= minReadySeconds * 1000;
}

function troubleOf(pod: Pod): string | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const words = statuses.map(troubleOfContainer).find((found) => found !== undefined);
  return words === undefined ? undefined : `pod ${pod.metadata.name} on ${pod.spec?.nodeName ?? 'no node'}: ${words}`;
}

function troubleOfContainer({ state, lastState }: ContainerStatus): string | undefined {
  const reason = state?.waiting?.reason ?? '';
  const ended = state?.terminated ?? lastState?.terminated;
  const last = (ended?.message ?? '').trim();
  if (failing.includes(reason) || /^CreateContainer.*Error$/.test(reason)) {
    return [reason, last === '' ? state?.waiting?.message : last].filter(Boolean).join(': ');
  }
  if (state?.terminated === undefined || state.terminated.exitCode === 0) return undefined;
  return `exit code ${state.terminated.exitCode}${last === '' ? '' : `: ${last}`}`;
}
