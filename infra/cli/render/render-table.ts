import { annotations, labels } from '../../../shared/kmm/labels.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { toTable } from '../output/table.ts';

/** The objects by name: whole they are for `-o yaml` and `-o json`. */
export function renderTable(objects: readonly Manifest[]): string {
  return toTable(['KIND', 'NAME', 'ROLE', 'KERNEL', 'IMAGE'], objects.map(row));
}

function row({ kind, metadata }: Manifest): string[] {
  const { namespace = 'default', name, labels: own = {}, annotations: marks = {} } = metadata;
  const kernel = marks[annotations.kernelVersion];
  const target = kernel === undefined ? 'all' : `${kernel}/${marks[annotations.architecture] ?? ''}`;
  return [kind, `${namespace}/${name}`, own[labels.role] ?? '', target, marks[annotations.image] ?? '-'];
}
