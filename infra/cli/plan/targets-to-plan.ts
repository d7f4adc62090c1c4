import type { TargetKey } from '../../../shared/events/trigger.ts';
import { entryKey } from '../../../shared/kmm/labels.ts';
import type { Node } from '../../../shared/kubernetes/objects.ts';
import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import { selectNode } from '../../../shared/reconcile/select-node.ts';
import { splitEntryKey } from '../split-entry-key.ts';
import type { TargetToPlan } from './plan-module.ts';

/**
 * The targets of a Module: the kernels that were asked for, or all that its nodes report or that have an entry already.
 * `nodes`: all nodes, where a cluster was read.
 */
export function targetsToPlan(
  module: KnownModule,
  asked: { kernels: readonly string[]; architecture: string },
  nodes: readonly Node[] | undefined,
  ignoredTaints: readonly string[],
): TargetToPlan[] {
  const counts = countNodes(module, nodes ?? [], ignoredTaints);
  const keys = asked.kernels.map((kernelVersion) => entryKey({ kernelVersion, architecture: asked.architecture }));
  const all = keys.length > 0 ? keys : [...new Set([...counts.keys(), ...Object.keys(module.status.kernels)])].sort();
  return all.flatMap((key) => {
    const target = splitEntryKey(key);
    if (target === undefined) return [];
    const full: TargetKey = { namespace: module.namespace, module: module.name, ...target };
    return [nodes === undefined ? { target: full } : { target: full, nodes: counts.get(key) ?? 0 }];
  });
}

function countNodes(
  module: KnownModule,
  nodes: readonly Node[],
  ignoredTaints: readonly string[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const selection = selectNode(module, node, ignoredTaints);
    if (!selection.selected) continue;
    const key = entryKey(selection.target);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
