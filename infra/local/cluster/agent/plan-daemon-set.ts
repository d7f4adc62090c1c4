import type { Node } from '../../../../shared/kubernetes/objects.ts';
import type { ControlledSet, RunningPod } from '../store/readable.ts';
import { type DaemonSetStatus, daemonSetStatus } from './daemon-set-status.ts';
import { revisionLabel } from './new-pod.ts';
import { type Fit, nodeFit } from './node-fit.ts';
import { isFinished, untilAvailableMs } from './pod-condition.ts';
import { podsToReplace } from './pods-to-replace.ts';

/** A node, whether the DaemonSet wants it, and the pods of the DaemonSet there, the newest first. */
export interface Place {
  name: string;
  fit: Fit;
  pods: PlacedPod[];
}

export interface PlacedPod {
  pod: RunningPod;
  updated: boolean;
  terminating: boolean;
  available: boolean;
}

export interface DaemonSetPlan {
  /** Nodes that want a pod. */
  create: string[];
  remove: RunningPod[];
  status: DaemonSetStatus;
  /** When a pod becomes available without anything else happening. */
  againInMs: number | undefined;
}

/** What a DaemonSet controller would do now: start, stop and replace pods, and what it would report. */
export function planDaemonSet(
  set: ControlledSet,
  nodes: Node[],
  pods: RunningPod[],
  hash: string,
  now: Date,
): DaemonSetPlan {
  const { minReadySeconds, updateStrategy, template } = set.spec;
  const waits = pods.map((pod) => untilAvailableMs(pod, minReadySeconds, now) ?? 0).filter((ms) => ms > 0);
  const byNode = Map.groupBy(pods.filter(isPresent), (pod) => pod.spec.nodeName ?? '');
  const places = nodes.map((node) => ({
    name: node.metadata.name,
    fit: nodeFit(template.spec, node),
    pods: (byNode.get(node.metadata.name) ?? [])
      .toSorted(newestFirst)
      .map((pod) => placed(pod, hash, minReadySeconds, now)),
  }));
  const unwanted = places.flatMap((place) => unwantedPods(place));
  const replaced =
    updateStrategy.type === 'RollingUpdate' ? podsToReplace(places, updateStrategy.rollingUpdate.maxUnavailable) : [];
  return {
    create: places.filter(({ fit, pods }) => fit === 'run' && pods.length === 0).map(({ name }) => name),
    remove: [...new Set([...unwanted, ...replaced])],
    status: daemonSetStatus(places, set.metadata.generation),
    againInMs: waits.length > 0 ? Math.min(...waits) : undefined,
  };
}

/** A finished pod that is being deleted has made room already. */
function isPresent(pod: RunningPod): boolean {
  return !(isFinished(pod) && pod.metadata.deletionTimestamp !== undefined);
}

function placed(pod: RunningPod, hash: string, minReadySeconds: number, now: Date): PlacedPod {
  return {
    pod,
    updated: pod.metadata.labels[revisionLabel] === hash,
    terminating: pod.metadata.deletionTimestamp !== undefined,
    available: untilAvailableMs(pod, minReadySeconds, now) === 0,
  };
}

/** All where the DaemonSet is not wanted; elsewhere what has finished, and all but the newest. */
function unwantedPods({ fit, pods }: Place): RunningPod[] {
  const standing = pods.filter(({ terminating }) => !terminating).map(({ pod }) => pod);
  if (fit === 'leave') return standing;
  const [finished, running] = [standing.filter(isFinished), standing.filter((pod) => !isFinished(pod))];
  return [...finished, ...running.slice(1)];
}

function newestFirst(a: RunningPod, b: RunningPod): number {
  const gone = (pod: RunningPod) => Number(pod.metadata.deletionTimestamp !== undefined);
  const born = (pod: RunningPod) => Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
  return gone(a) - gone(b) || born(b) - born(a);
}
