import { labels, roles } from '../../kmm/labels.ts';
import type { ContainerStatus, Pod } from '../../kubernetes/objects.ts';
import type { RolloutTrigger } from '../trigger.ts';
import type { Change } from './change.ts';

/** A loader or device-plugin pod became ready or not, restarted, or goes. Pods of builds bear no role and say nothing here. */
export function podTriggers({ before, after }: Change<Pod>): RolloutTrigger[] {
  const pod = after ?? before;
  if (pod === undefined || !isOurs(pod)) return [];
  if (after !== undefined && !podDiffers(before, after)) return [];
  const module = pod.metadata.labels[labels.moduleName];
  if (module === undefined || pod.metadata.namespace === undefined) return [];
  const node = pod.spec?.nodeName;
  const unloadFailed = after === undefined ? lastWords(pod) : undefined;
  return [
    {
      kind: 'rollout',
      namespace: pod.metadata.namespace,
      module,
      ...(node !== undefined && { node }),
      ...(unloadFailed !== undefined && { unloadFailed }),
    },
  ];
}

/**
 * A container's `ready` or `restartCount` flips, or the deletion starts. Never the Ready condition, which the node controller
 * clears when a node goes Unknown. A pod that is seen for the first time counts when something in it is ready or restarted.
 */
export function podDiffers(before: Pod | undefined, after: Pod): boolean {
  return (
    statesDiffer(before?.status?.containerStatuses, after.status?.containerStatuses, readyAndRestarts) ||
    statesDiffer(before?.status?.initContainerStatuses, after.status?.initContainerStatuses, restarts) ||
    (before?.metadata.deletionTimestamp === undefined && after.metadata.deletionTimestamp !== undefined)
  );
}

function isOurs(pod: Pod): boolean {
  const role = pod.metadata.labels[labels.role];
  return role === roles.moduleLoader || role === roles.devicePlugin;
}

type Statuses = readonly ContainerStatus[] | undefined;
const restarts = ({ name, restartCount }: ContainerStatus) =>
  restartCount > 0 ? `${name} ${restartCount}` : undefined;
const readyAndRestarts = (container: ContainerStatus) =>
  container.ready || container.restartCount > 0
    ? `${container.name} ${container.ready} ${container.restartCount}`
    : undefined;

/** Compares what stands out; a container that merely appears, waits or is not ready yet does not. */
function statesDiffer(
  before: Statuses,
  after: Statuses,
  stateOf: (container: ContainerStatus) => string | undefined,
): boolean {
  const states = (statuses: Statuses = []) => new Set(statuses.map(stateOf).filter((state) => state !== undefined));
  const [old, now] = [states(before), states(after)];
  return old.size !== now.size || [...now].some((state) => !old.has(state));
}

/**
 * Exit code and last words of a loader that ended badly after its deletion began, which only the last state of the pod shows.
 * A load that failed before the deletion began is another story (CrashLoopBackOff), and is not told here.
 */
function lastWords(pod: Pod): RolloutTrigger['unloadFailed'] {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, labels: podLabels, name } = pod.metadata;
  if (podLabels[labels.role] !== roles.moduleLoader || deletionTimestamp === undefined) return undefined;
  const deletionBegan = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  const ended = pod.status?.containerStatuses
    ?.map(({ state }) => state?.terminated)
    .find((end) => end !== undefined && end.exitCode !== 0 && !(Date.parse(end.finishedAt ?? '') < deletionBegan));
  return ended && { pod: name, exitCode: ended.exitCode, message: (ended.message ?? ended.reason ?? '').slice(-1024) };
}
