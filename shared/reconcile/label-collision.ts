import { kernelLabelValue } from '../kmm/kernel-label-value.ts';
import { entryKey } from '../kmm/labels.ts';

interface Kernel {
  kernelVersion: string;
  architecture: string;
}

/**
 * The kernel of the same architecture whose label value is the same and that comes first in sort order: nodes of both bear one
 * label, so only one of them can have a DaemonSet. Absent: the target is that one, or alone.
 */
export function findCollision(target: Kernel, entryKeys: readonly string[]): string | undefined {
  const label = kernelLabelValue(target.kernelVersion);
  const end = `/${target.architecture}`;
  const rivals = entryKeys
    .filter((key) => key.endsWith(end) && key !== entryKey(target))
    .map((key) => key.slice(0, -end.length))
    .filter((kernelVersion) => kernelVersion < target.kernelVersion && kernelLabelValue(kernelVersion) === label);
  return rivals.sort()[0];
}
