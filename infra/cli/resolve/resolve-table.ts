import type { ResolveEntry } from '../../../shared/kmm/resolve-entry.ts';
import type { Style } from '../output/style.ts';
import { toTable } from '../output/table.ts';

const headings = ['MODULE', 'KERNEL', 'OUTCOME', 'MAPPING', 'IMAGE OR REASON'];

export function resolveTable(entries: readonly ResolveEntry[], paint: Style): string {
  return toTable(
    headings,
    entries.map((entry) => row(entry, paint)),
  );
}

function row(entry: ResolveEntry, paint: Style): string[] {
  const { namespace, module, kernelVersion, outcome } = entry;
  const tone = outcome === 'resolved' ? 'green' : outcome === 'no-module-loader' ? 'dim' : 'red';
  return [`${namespace}/${module}`, kernelVersion, paint(tone, outcome), mappingText(entry.mapping), detail(entry)];
}

function mappingText(mapping: ResolveEntry['mapping']): string {
  if (mapping === undefined) return '-';
  const { index, literal, regexp } = mapping;
  return `[${index}] ${literal === undefined ? `regexp ${regexp ?? ''}` : `literal ${literal}`}`;
}

function detail({ outcome, containerImage, error, build, sign }: ResolveEntry): string {
  if (outcome === 'no-module-loader') return 'only a device plugin';
  const made = [build && 'build', sign && 'sign'].filter((part) => part !== undefined).join(', ');
  return containerImage === undefined ? (error ?? '') : `${containerImage}${made === '' ? '' : ` (${made})`}`;
}
