import { annotations, entryKey, labels, roles } from '../kmm/labels.ts';
import type { DaemonSet, Node } from '../kubernetes/objects.ts';
import { isCollectable } from './collect.ts';
import type { KnownModule } from './known-module.ts';
import { selectNode } from './select-node.ts';

/** What no node needs any more: DaemonSets to delete, and keys of entries that go with them. */
export interface Garbage {
  daemonSets: DaemonSet[];
  entries: string[];
}

/**
 * Loader DaemonSets and entries of kernels that no selected node reports, and DaemonSets of another version that no node
 * bears. A DaemonSet that still has nodes stays, and its entry with it: collecting never unloads.
 */
export function planGarbage(
  module: KnownModule,
  own: readonly DaemonSet[],
  nodes: readonly Node[],
  ignoredTaints: readonly string[],
  currentName: (key: { kernelVersion: string; architecture: string }) => string,
): Garbage {
  const needed = new Map<string, string>();
  for (const node of nodes) {
    const selection = selectNode(module, node, ignoredTaints);
    if (!selection.selected) continue;
    const key = entryKey(selection.target);
    // A name is a hash, and thousands of nodes have a few kernels.
    if (!needed.has(key)) needed.set(key, currentName(selection.target));
  }
  const loaders = own.filter(
    ({ metadata }) =>
      metadata.labels[labels.moduleName] === module.name && metadata.labels[labels.role] === roles.moduleLoader,
  );
  const daemonSets = loaders.filter(
    (loader) => isCollectable(loader) && needed.get(keyOf(loader)) !== loader.metadata.name,
  );
  const kept = new Set(loaders.filter((loader) => !daemonSets.includes(loader)).map(keyOf));
  const entries = Object.keys(module.status.kernels).filter((key) => !needed.has(key) && !kept.has(key));
  return { daemonSets, entries };
}

function keyOf({ metadata }: DaemonSet): string {
  return `${metadata.annotations[annotations.kernelVersion] ?? ''}/${metadata.annotations[annotations.architecture] ?? ''}`;
}
