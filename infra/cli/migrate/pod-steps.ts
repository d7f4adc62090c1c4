import { dropFinalizers } from './drop-finalizers.ts';
import { isDaemonPod, isMaker, isWorker, workerAction } from './kmm-marks.ts';
import type { Objects, Snapshot } from './snapshot.ts';
import { deletion, type Step } from './step.ts';

type Pod = Objects['Pod'];
type Rule = (snapshot: Snapshot) => Step[];

export const podSteps: readonly Rule[] = [unloaders, workers, makers, daemonPods];

/** First of all pods: one that has not started yet never will. */
function unloaders({ Pod }: Snapshot): Step[] {
  return Pod.filter((pod) => isWorker(pod) && isUnloader(pod)).flatMap((pod) =>
    ending(pod, 'would unload; what it has not unloaded yet stays loaded'),
  );
}

function workers({ Pod }: Snapshot): Step[] {
  return Pod.filter((pod) => isWorker(pod) && !isUnloader(pod)).flatMap((pod) =>
    ending(pod, 'has loaded its module, or ours will; it unloads nothing when it goes'),
  );
}

function makers({ Pod }: Snapshot): Step[] {
  return Pod.filter(isMaker).flatMap((pod) => ending(pod, 'a build, signing or pull that nobody follows any more'));
}

/** Never deleted here: device plugins go with their DaemonSet, and a loader of 1.x would unload. */
function daemonPods({ Pod }: Snapshot): Step[] {
  return dropFinalizers('Pod', Pod.filter(isDaemonPod), 'the pod could not go when its node or DaemonSet does');
}

function ending(pod: Pod, why: string): Step[] {
  return [...dropFinalizers('Pod', [pod], 'its deletion would wait for KMM for ever'), ...deletion('Pod', pod, why)];
}

export function isUnloader({ metadata }: Pod): boolean {
  return metadata.labels[workerAction] === 'Unload';
}
