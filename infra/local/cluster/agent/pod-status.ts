import { createHash } from 'node:crypto';
import type { ContainerStatus } from '../../../../shared/kubernetes/objects.ts';
import { timestamp } from '../store/object.ts';
import { conditionOf } from './pod-condition.ts';
import type { PodOutcome } from './pod-outcome.ts';
import type { RunningPod } from './views.ts';

type Container = RunningPod['spec']['containers'][number];

/** What a kubelet knows when it reports: the boot that its containers run in, which images it could not pull, the time. */
export interface KubeletFacts {
  bootID: string;
  missing: ReadonlySet<string>;
  now: Date;
}

/** The status of a pod that is meant to run. */
export function runningStatus(pod: RunningPod, outcome: PodOutcome, facts: KubeletFacts): object {
  const { initContainers = [], containers } = pod.spec;
  const init = initContainers.map((container) => initStatus(pod, container, facts));
  const initialized = init.every(({ ready }) => ready);
  const main = containers.map((container) =>
    initialized
      ? containerStatus(pod, container, outcome, facts)
      : waiting(container, before(pod, container), 'PodInitializing'),
  );
  const ready = main.every((status) => status.ready);
  const started = main.every(({ containerID }) => containerID !== undefined);
  return {
    phase: started ? 'Running' : 'Pending',
    startTime: pod.status?.startTime ?? timestamp(facts.now),
    conditions: conditions(
      pod,
      { PodScheduled: true, Initialized: initialized, ContainersReady: ready, Ready: ready },
      facts.now,
    ),
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

interface Reported extends ContainerStatus {
  image?: string;
  imageID?: string;
  started?: boolean;
}

function containerStatus(pod: RunningPod, container: Container, outcome: PodOutcome, facts: KubeletFacts): Reported {
  const previous = before(pod, container);
  if (isUnpulled(container, previous, facts)) {
    const reason = previous?.state?.waiting?.reason ? 'ImagePullBackOff' : 'ErrImagePull';
    return waiting(container, previous, reason, `failed to pull image "${container.image}": not found`);
  }
  const run = runOf(pod, container, previous, facts);
  return outcome.kind === 'crash'
    ? crashed(container, run, outcome, facts)
    : running(container, run, outcome.kind === 'ready', facts);
}

/** This run of a container: the one that goes on, or a new one. */
interface Run {
  restartCount: number;
  containerID: string;
  state: ContainerStatus['state'];
  lastState: ContainerStatus['lastState'];
}

/** A running container goes on; one that crashed, or that ran in another boot, is started anew. */
function runOf(
  pod: RunningPod,
  container: Container,
  previous: ContainerStatus | undefined,
  { bootID }: KubeletFacts,
): Run {
  const restartCount = previous?.restartCount ?? 0;
  const id = (count: number) => containerId(pod.metadata.uid, container.name, bootID, count);
  if (previous?.containerID === undefined)
    return { restartCount, containerID: id(restartCount), state: undefined, lastState: undefined };
  const sameBoot = previous.containerID === id(restartCount);
  if (sameBoot && previous.state?.running) {
    return { restartCount, containerID: previous.containerID, state: previous.state, lastState: previous.lastState };
  }
  const lastState = sameBoot ? previous.lastState : { terminated: { exitCode: 255, reason: 'Unknown' } };
  return { restartCount: restartCount + 1, containerID: id(restartCount + 1), state: undefined, lastState };
}

function running(container: Container, run: Run, ready: boolean, { now }: KubeletFacts): Reported {
  const { restartCount, containerID, lastState } = run;
  const state = run.state ?? { running: { startedAt: timestamp(now) } };
  return {
    ...named(container),
    ready,
    started: true,
    restartCount,
    containerID,
    state,
    ...(lastState ? { lastState } : {}),
  };
}

function crashed(
  container: Container,
  run: Run,
  { exitCode, message }: { exitCode: number; message: string },
  facts: KubeletFacts,
): Reported {
  const { restartCount, containerID } = run;
  const terminated = { exitCode, reason: 'Error', message, finishedAt: timestamp(facts.now) };
  const state = {
    waiting: { reason: 'CrashLoopBackOff', message: `back-off restarting failed container ${container.name}` },
  };
  return {
    ...named(container),
    ready: false,
    started: false,
    restartCount,
    containerID,
    state,
    lastState: { terminated },
  };
}

function waiting(
  container: Container,
  previous: ContainerStatus | undefined,
  reason: string,
  message?: string,
): Reported {
  const state = { waiting: { reason, ...(message ? { message } : {}) } };
  return { ...named(container), ready: false, started: false, restartCount: previous?.restartCount ?? 0, state };
}

function initStatus(pod: RunningPod, container: Container, facts: KubeletFacts): Reported {
  const previous = pod.status?.initContainerStatuses?.find(({ name }) => name === container.name);
  if (isUnpulled(container, previous, facts)) {
    const reason = previous?.state?.waiting?.reason ? 'ImagePullBackOff' : 'ErrImagePull';
    return waiting(container, previous, reason, `failed to pull image "${container.image}": not found`);
  }
  const { restartCount, containerID } = runOf(
    pod,
    container,
    previous && { ...previous, state: { running: {} } },
    facts,
  );
  const done = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: timestamp(facts.now) } };
  const state = previous?.containerID === containerID && previous.state ? previous.state : done;
  return { ...named(container), ready: true, started: false, restartCount, containerID, state };
}

/** An image that a container ran from once is on the node, whatever became of it in the registry. */
function isUnpulled({ image }: Container, previous: ContainerStatus | undefined, { missing }: KubeletFacts): boolean {
  return previous?.containerID === undefined && missing.has(image);
}

function before(pod: RunningPod, { name }: Container): ContainerStatus | undefined {
  return pod.status?.containerStatuses?.find((status) => status.name === name);
}

function named({ name, image }: Container): { name: string; image: string; imageID: string } {
  return { name, image, imageID: image.includes('@') ? image : '' };
}

/** Told apart by boot and restart, as a container runtime's are: nothing but the pod has to be remembered. */
function containerId(uid: string, name: string, bootID: string, restartCount: number): string {
  return `containerd://${createHash('sha256')
    .update(JSON.stringify([uid, name, bootID, restartCount]))
    .digest('hex')}`;
}

/** The given conditions; one that keeps its status keeps its time. */
function conditions(pod: RunningPod, wanted: Record<string, boolean>, now: Date): object[] {
  const kept = (pod.status?.conditions ?? []).filter(({ type }) => !(type in wanted));
  const set = Object.entries(wanted).map(([type, holds]) => {
    const status = holds ? 'True' : 'False';
    const previous = conditionOf(pod, type);
    return {
      type,
      status,
      lastTransitionTime: previous?.status === status ? previous.lastTransitionTime : timestamp(now),
    };
  });
  return [...kept, ...set];
}
