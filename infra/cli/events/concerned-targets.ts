import type { ImageTrigger, TargetKey, Trigger } from '../../../shared/events/trigger.ts';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { entryKey } from '../../../shared/kmm/labels.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';
import type { HostAliases } from '../../../shared/reconcile/image-matches.ts';
import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import { mergeWanted, selectTargets } from '../../../shared/reconcile/select-targets.ts';
import { splitEntryKey } from '../split-entry-key.ts';
import type { ReadModules } from './read-modules.ts';

export interface ConcernedTarget extends TargetKey {
  image?: string;
  /** As it stands in the cluster; absent where none was read. */
  state?: string;
  asksRegistry: boolean;
}

export interface Concerned {
  targets: ConcernedTarget[];
  /** Why there may be fewer than somebody expects. */
  hints: string[];
}

/** The targets that the functions would look at, chosen by their own selection. */
export function concernedTargets(
  triggers: readonly Trigger[],
  { modules, nodes, hostAliases, now }: ReadModules & { hostAliases: HostAliases; now: Date },
): Concerned {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const input = { modules, nodes: byName, allNodes: nodes, now, ignoredTaints: defaultIgnoredTaints, hostAliases };
  const wanted = mergeWanted(triggers.flatMap((trigger) => selectTargets(trigger, input)));
  const targets = [...wanted.values()].map(({ target, asks }) => shown(target, asks, modules));
  const lonely = triggers.filter((trigger) => selectTargets(trigger, input).length === 0);
  const images = lonely.filter((trigger) => trigger.kind === 'image');
  return { targets, hints: [...new Set(images.map((trigger) => hintOf(trigger, modules)))] };
}

function shown(target: TargetKey, asksRegistry: boolean, modules: readonly KnownModule[]): ConcernedTarget {
  const module = modules.find(({ namespace, name }) => namespace === target.namespace && name === target.module);
  const image = module && imageOf(module, target.kernelVersion);
  const entry = module?.status.kernels[entryKey(target)];
  const known = entry !== undefined && entry.observedGeneration > 0;
  return { ...target, ...(image && { image }), ...(known && { state: entry.state }), asksRegistry };
}

function imageOf(module: KnownModule, kernelVersion: string): string | undefined {
  const resolution = module.resolve(kernelVersion);
  return resolution.outcome === 'resolved' ? resolution.data.containerImage : undefined;
}

/** A host that is called otherwise is what mostly keeps an event from its targets. */
function hintOf({ registry, repository }: ImageTrigger, modules: readonly KnownModule[]): string {
  const hosts = modules.flatMap((module) =>
    Object.keys(module.status.kernels).flatMap((key) => {
      const image = imageOf(module, splitEntryKey(key)?.kernelVersion ?? '');
      const reference = image === undefined ? undefined : referenceOf(image);
      return reference?.repository === repository && reference.registry !== registry ? [reference.registry] : [];
    }),
  );
  const [host] = hosts;
  return host === undefined
    ? `no Module has an image ${registry}/${repository} of this tag or digest: the event would cost one list of Modules`
    : `Modules have ${repository} at ${host}, the event says ${registry}: set "registry" of the source, or registries.hostAliases`;
}

function referenceOf(image: string) {
  try {
    return parseReference(image);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}
