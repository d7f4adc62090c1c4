import type { ContainerStatus } from '../../../../shared/kubernetes/objects.ts';
import { timestamp } from '../store/object.ts';
import type { RunningPod } from '../store/readable.ts';
import { nextRun, type Run } from './container-run.ts';
import type { PodOutcome } from './pod-outcome.ts';

type Container = RunningPod['spec']['containers'][number];

/** What a kubelet knows when it reports: the boot that its containers run in, which images it could not pull, the time. */
export interface KubeletFacts {
  bootID: string;
  missing: ReadonlySet<string>;
  now: Date;
}

export interface Reported extends ContainerStatus {
  image: string;
  imageID: string;
  started: boolean;
}

/** The status of a container of a pod whose init containers are done. */
export function mainStatus(pod: RunningPod, container: Container, outcome: PodOutcome, facts: KubeletFacts): Reported {
  const previous = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
  if (isUnpulled(container, previous, facts)) return unpulled(container, previous);
  const run = nextRun(pod.metadata.uid, container.name, previous, facts.bootID);
  if (outcome.kind === 'crash') return crashed(container, run, outcome, facts.now);
  const state = run.state ?? { running: { startedAt: timestamp(facts.now) } };
  return { ...named(container), ...run, ready: outcome.kind === 'ready', started: true, state };
}

/** The status of an init container: done as soon as its image is there, and run again in each boot. */
export function initStatus(pod: RunningPod, container: Container, facts: KubeletFacts): Reported {
  const previous = pod.status?.initContainerStatuses?.find(({ name }) => name === container.name);
  if (isUnpulled(container, previous, facts)) return unpulled(container, previous);
  // That it has ended well is no reason to run it again, so it counts as going on.
  const run = nextRun(
    pod.metadata.uid,
    container.name,
    previous && { ...previous, state: { running: {} } },
    facts.bootID,
  );
  const done = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: timestamp(facts.now) } };
  const state = previous?.containerID === run.containerID && previous.state ? previous.state : done;
  return { ...named(container), ...run, ready: true, started: false, state };
}

/** The status of a container that can't start yet. */
export function waitingStatus(container: Container, restartCount: number, reason: string, message?: string): Reported {
  const state = { waiting: { reason, ...(message ? { message } : {}) } };
  return { ...named(container), ready: false, started: false, restartCount, state };
}

/** The first failure is an error, the next ones are back-off, as a kubelet alternates them. */
function unpulled(container: Container, previous: ContainerStatus | undefined): Reported {
  const reason = previous?.state?.waiting?.reason?.includes('Image') ? 'ImagePullBackOff' : 'ErrImagePull';
  return waitingStatus(
    container,
    previous?.restartCount ?? 0,
    reason,
    `failed to pull image "${container.image}": not found`,
  );
}

function crashed(container: Container, run: Run, end: { exitCode: number; message: string }, now: Date): Reported {
  const { exitCode, message } = end;
  const terminated = { exitCode, reason: 'Error', message, finishedAt: timestamp(now) };
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off restarting failed container ${container.name}` };
  return { ...named(container), ...run, ready: false, started: false, state: { waiting }, lastState: { terminated } };
}

/** An image that a container ran from once is on the node, whatever became of it in the registry. */
function isUnpulled({ image }: Container, previous: ContainerStatus | undefined, { missing }: KubeletFacts): boolean {
  return previous?.containerID === undefined && missing.has(image);
}

function named({ name, image }: Container): { name: string; image: string; imageID: string } {
  return { name, image, imageID: image.includes('@') ? image : '' };
}
