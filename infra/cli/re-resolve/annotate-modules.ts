import { annotations, entryKey } from '../../../shared/kmm/labels.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { ModuleObject, Node } from '../../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { type KnownModule, moduleKey, toKnownModule } from '../../../shared/reconcile/known-module.ts';
import { selectNode } from '../../../shared/reconcile/select-node.ts';
import { UsageError } from '../errors.ts';
import { splitEntryKey } from '../split-entry-key.ts';
import type { ManualScope } from './call-door.ts';
import type { Wish } from './re-resolve.ts';

export interface Annotated {
  namespace: string;
  module: string;
  annotation: string;
}

export type AnnotateResult = { kind: 'annotated'; annotated: Annotated[] } | { kind: 'nobody'; why: string };

/**
 * Writes `re-resolve: <time>[ force[ <kernel>/<arch>]]` on the Modules in scope. With a force and a kernel only that target
 * is made anew; the annotation has no word for a rollout.
 */
export async function annotateModules(wish: Wish, cluster: Cluster, now: Date): Promise<AnnotateResult> {
  const { scope, force, rollout } = wish;
  if (rollout) {
    throw new UsageError("--rollout can't be said by an annotation: call the functions' door with --door URL.");
  }
  const chosen = await chooseModules(scope, cluster);
  if (typeof chosen === 'string') return { kind: 'nobody', why: chosen };
  const only = (choice: Choice) => (force ? ` force${onlyOf(choice)}` : '');
  const planned = chosen.map((choice) => ({ ...choice, annotation: `${now.toISOString()}${only(choice)}` }));
  const annotated: Annotated[] = [];
  for (const { module, annotation } of planned) {
    const { namespace, name } = module;
    const patch = { metadata: { annotations: { [annotations.reResolve]: annotation } } };
    const written = await cluster.patch('Module', { namespace, name }, patch);
    if (written !== 'absent') annotated.push({ namespace, module: name, annotation });
  }
  return { kind: 'annotated', annotated };
}

/** A Module in scope; `targets` when the scope names some, `[]` for all. */
interface Choice {
  module: KnownModule;
  targets: string[];
}

/** The Modules in scope, or why there is none. */
async function chooseModules(scope: ManualScope, cluster: Cluster): Promise<Choice[] | string> {
  const node = scope.node === undefined ? undefined : await cluster.get('Node', { name: scope.node });
  if (scope.node !== undefined && node === undefined) return `There is no node ${scope.node} in this cluster.`;
  const modules = (await readModules(scope, cluster)).map(toKnownModule);
  if (modules.length === 0) {
    return `There is no Module${scope.module === undefined ? '' : ` ${scope.namespace}/${scope.module}`} in this cluster.`;
  }
  const chosen = modules.flatMap((module) => {
    const targets = targetsInScope(module, scope, node);
    return targets === undefined ? [] : [{ module, targets }];
  });
  return chosen.length === 0 ? nobodyWords(scope) : chosen;
}

async function readModules({ namespace, module }: ManualScope, cluster: Cluster): Promise<ModuleObject[]> {
  if (namespace === undefined || module === undefined) return cluster.list('Module');
  const found = await cluster.get('Module', { namespace, name: module });
  return found === undefined ? [] : [found];
}

/** The targets that the scope narrows a Module to, `[]` for all of them; undefined when it is not concerned. */
function targetsInScope(module: KnownModule, scope: ManualScope, node: Node | undefined): string[] | undefined {
  if (node !== undefined) {
    const selection = selectNode(module, node, defaultIgnoredTaints);
    return selection.selected ? [entryKey(selection.target)] : undefined;
  }
  if (scope.kernelVersion === undefined && scope.architecture === undefined) return [];
  const found = Object.keys(module.status.kernels).filter((key) => {
    const target = splitEntryKey(key);
    return (
      target !== undefined &&
      (scope.kernelVersion ?? target.kernelVersion) === target.kernelVersion &&
      (scope.architecture ?? target.architecture) === target.architecture
    );
  });
  return found.length === 0 ? undefined : found;
}

/** One annotation forces one target or all. */
function onlyOf({ module, targets }: Choice): string {
  if (targets.length <= 1) return targets.map((target) => ` ${target}`).join('');
  throw new UsageError(
    `${moduleKey(module)} has several targets there (${targets.join(', ')}): one call forces one of them, or all; narrow it by --kernel and --arch.`,
  );
}

function nobodyWords({ node, kernelVersion, architecture }: ManualScope): string {
  if (node !== undefined)
    return `No Module selects the node ${node}: "kmm explain NAMESPACE/NAME --node ${node}" says why.`;
  return `No Module has been looked at for ${[kernelVersion, architecture].filter(Boolean).join('/')} yet: leave --kernel and --arch out, or name the Module.`;
}
