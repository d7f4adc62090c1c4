import { createHash } from 'node:crypto';
import type { ContainerStatus } from '../../../../shared/kubernetes/objects.ts';

/** One run of a container: the one that goes on, or a new one. */
export interface Run {
  restartCount: number;
  containerID: string;
  state: ContainerStatus['state'];
  lastState: ContainerStatus['lastState'];
}

/** A running container goes on; one that crashed, or that ran in another boot (exit 255, Unknown), is started anew. */
export function nextRun(pod: string, container: string, previous: ContainerStatus | undefined, bootID: string): Run {
  const id = (restarts: number) => containerId(pod, container, bootID, restarts);
  const restartCount = previous?.restartCount ?? 0;
  if (previous?.containerID === undefined) return started(restartCount, id(restartCount), undefined);
  const sameBoot = previous.containerID === id(restartCount);
  const { containerID, state, lastState } = previous;
  if (sameBoot && state?.running) return { restartCount, containerID, state, lastState };
  const ended = sameBoot ? lastState : { terminated: { exitCode: 255, reason: 'Unknown' } };
  return started(restartCount + 1, id(restartCount + 1), ended);
}

function started(restartCount: number, containerID: string, lastState: ContainerStatus['lastState']): Run {
  return { restartCount, containerID, state: undefined, lastState };
}

/** Told apart by boot and restart, as a container runtime's are: nothing but the pod has to be remembered. */
function containerId(pod: string, container: string, bootID: string, restarts: number): string {
  const identity = JSON.stringify([pod, container, bootID, restarts]);
  return `containerd://${createHash('sha256').update(identity).digest('hex')}`;
}
