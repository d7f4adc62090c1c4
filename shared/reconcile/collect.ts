import type { DaemonSet } from '../kubernetes/objects.ts';

/**
 * Collecting never unloads: only when no node bears it, by the controller's own and current word. (A node that joined a
 * moment before is not covered: nothing runs there yet, and its trigger makes the DaemonSet anew.)
 */
export function isCollectable(daemonSet: DaemonSet): boolean {
  const { status, metadata } = daemonSet;
  return (
    status !== undefined &&
    metadata.deletionTimestamp === undefined &&
    status.observedGeneration === metadata.generation &&
    status.desiredNumberScheduled === 0 &&
    status.currentNumberScheduled === 0
  );
}
