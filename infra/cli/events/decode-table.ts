import type { Trigger } from '../../../shared/events/trigger.ts';
import { formatReference } from '../../../shared/oci/format-reference.ts';
import { toTable } from '../output/table.ts';
import type { ConcernedTarget } from './concerned-targets.ts';
import type { EventItem } from './to-items.ts';

/** Two tables for people: what the event says, and whom it concerns. */
export function decodeTable({
  source,
  items,
  targets,
}: {
  source: string;
  items: readonly EventItem[];
  targets?: readonly ConcernedTarget[];
}): string {
  const events = toTable(
    ['SOURCE', 'OUTCOME', 'EVENT'],
    items.map((item) => [source, ...itemCells(item)]),
  );
  if (targets === undefined || targets.length === 0) return events;
  const rows = targets.map(({ namespace, module, kernelVersion, architecture, image = '-', state = '-' }) => [
    `${namespace}/${module}`,
    `${kernelVersion}/${architecture}`,
    state,
    image,
  ]);
  return `${events}\n${toTable(['MODULE', 'KERNEL', 'STATE', 'IMAGE'], rows)}`;
}

function itemCells(item: EventItem): [string, string] {
  return item.outcome === 'trigger' ? [item.wakes, triggerWords(item.trigger)] : [item.outcome, item.why];
}

function triggerWords(trigger: Trigger): string {
  const { kind, ...fields } = trigger;
  return trigger.kind === 'image'
    ? `${trigger.action} of ${formatReference(trigger)}`
    : `${kind} ${JSON.stringify(fields)}`;
}
