import { labels } from '../kmm/labels.ts';

export interface VersionState {
  namespace: string;
  module: string;
  /** The ready label is still there: the module of the version before is loaded. */
  ready: boolean;
  /** A device-plugin pod of this Module still stands on the node. */
  devicePluginRuns: boolean;
}

/** One step: a label to set (a value) or to remove (null), or nothing now, with the reason. */
export type VersionStep = { label: string; value: string | null } | { wait: string };

/**
 * KMM's ordered upgrade, one step per run and node: the device plugin leaves before the module goes, and comes after it.
 * Upstream's table of eight states, completed so that every state ends where the admin's label says. Waits are for an event
 * (a pod that goes, a label that goes), not for a timer. Labels are read by the Module's own keys, never split.
 */
export function planVersionLabels(nodeLabels: Record<string, string>, of: VersionState): VersionStep | undefined {
  const key = {
    worker: labels.versionWorkerPod(of.namespace, of.module),
    schedule: labels.versionSchedulePod(of.namespace, of.module),
  };
  const wanted = nodeLabels[labels.versionModule(of.namespace, of.module)];
  const worker = nodeLabels[key.worker];
  const schedule = nodeLabels[key.schedule];

  // The plugin never stays beside a loader of another version, nor without one.
  if (schedule !== undefined && (schedule !== wanted || worker !== wanted)) return { label: key.schedule, value: null };
  if (worker !== undefined && worker !== wanted) {
    if (of.devicePluginRuns) return { wait: 'the device plugin of the version before has to leave the node' };
    return { label: key.worker, value: null };
  }
  if (wanted === undefined) return undefined;
  if (worker === undefined) {
    if (of.ready) return { wait: 'the version before has to be unloaded' };
    return { label: key.worker, value: wanted };
  }
  return schedule === undefined ? { label: key.schedule, value: wanted } : undefined;
}
