import { timestamp } from '../store/object.ts';
import type { RunningPod } from '../store/readable.ts';
import { initStatus, type KubeletFacts, mainStatus, waitingStatus } from './container-status.ts';
import { conditionOf } from './pod-condition.ts';
import type { PodOutcome } from './pod-outcome.ts';

/** The status of a pod that is meant to run. */
export function runningStatus(pod: RunningPod, outcome: PodOutcome, facts: KubeletFacts): object {
  const { initContainers = [], containers } = pod.spec;
  const init = initContainers.map((container) => initStatus(pod, container, facts));
  const initialized = init.every(({ ready }) => ready);
  const main = containers.map((container) =>
    initialized ? mainStatus(pod, container, outcome, facts) : waitingStatus(container, 0, 'PodInitializing'),
  );
  const ready = main.every((status) => status.ready);
  const holds = { PodScheduled: true, Initialized: initialized, ContainersReady: ready, Ready: ready };
  return {
    phase: main.every(({ containerID }) => containerID !== undefined) ? 'Running' : 'Pending',
    startTime: pod.status?.startTime ?? timestamp(facts.now),
    conditions: conditions(pod, holds, facts.now),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: main,
  };
}

/** The status of a pod whose containers have ended: what it said last stands here and nowhere else. */
export function endedStatus(pod: RunningPod, end: { exitCode: number; message: string }, now: Date): object {
  const { exitCode, message } = end;
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const terminated = { exitCode, reason, ...(message ? { message } : {}), finishedAt: timestamp(now) };
  const statuses = pod.status?.containerStatuses ?? [];
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    conditions: conditions(pod, { ContainersReady: false, Ready: false }, now),
    containerStatuses: statuses.map((status) => ({ ...status, ready: false, started: false, state: { terminated } })),
  };
}

/** The conditions of a pod on a node that is silent: its containers still say ready, the pod does not. */
export function silentStatus(pod: RunningPod, now: Date): object {
  return { conditions: conditions(pod, { Ready: false }, now) };
}

/** The given conditions; one that keeps its status keeps its time. */
function conditions(pod: RunningPod, wanted: Record<string, boolean>, now: Date): object[] {
  const kept = (pod.status?.conditions ?? []).filter(({ type }) => !(type in wanted));
  const set = Object.entries(wanted).map(([type, holds]) => {
    const status = holds ? 'True' : 'False';
    const previous = conditionOf(pod, type);
    const since = previous?.status === status ? previous.lastTransitionTime : timestamp(now);
    return { type, status, lastTransitionTime: since };
  });
  return [...kept, ...set];
}
