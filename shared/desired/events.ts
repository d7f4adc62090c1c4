import type { Manifest } from '../kubernetes/objects.ts';
import { contentHash } from './canonical-json.ts';

/** KMM's reasons by what they are about, and ours for an unload that failed. */
export const eventReasons = [
  'ModuleLoaded',
  'ModuleUnloaded',
  'ModuleUnloadFailed',
  'BuildCreated',
  'BuildSucceeded',
  'BuildFailed',
  'SignCreated',
  'SignSucceeded',
  'SignFailed',
  'ImageRejected',
  'RegistryUnreachable',
  'RolloutFailed',
] as const;
export type EventReason = (typeof eventReasons)[number];

export interface InvolvedObject {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
}

/** The API server refuses longer messages. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
const longestMessage = 1024;
const longestName = 253;

/**
 * A core/v1 Event to be created. Its name is a hash of what happened, so that a run that tells it again gets a 409. The
 * name goes by `transition` (a container id, a Job's name), else by the message; never by the time.
 */
export function renderEvent(of: {
  involved: InvolvedObject;
  reason: EventReason;
  type: 'Normal' | 'Warning';
  message: string;
  transition?: string;
  now: Date;
}): Manifest {
  const { involved, reason, type } = of;
  const message = of.message.slice(0, longestMessage);
  const hash = contentHash([involved, reason, of.transition ?? message]).slice(0, 16);
  // Events about cluster-scoped objects live in `default`, as the kubelet's own do.
  const namespace = involved.namespace ?? 'default';
  const at = of.now.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${involved.name.slice(0, longestName - hash.length - 1)}.${hash}`,
      namespace,
    },
    involvedObject: involved,
    reason,
    type,
    message,
    source: { component: 'kmm-functions' },
    reportingComponent: 'kmm-functions',
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}
