import type { ImageTrigger, ResolveTrigger, TargetKey, Trigger } from '../events/trigger.ts';
import type { Node } from '../kubernetes/objects.ts';
import { unsignedReference } from './destination.ts';
import type { Cause } from './facts.ts';
import { type HostAliases, imageMatches } from './image-matches.ts';
import type { KnownModule } from './known-module.ts';
import { selectNode } from './select-node.ts';
import { isInSlot } from './sweep-slot.ts';

/** A target that a run has to look at, and why. */
export interface Wanted extends Cause {
  target: TargetKey;
  /** Asks registry and Secrets even when the entry is Ready or RollingOut. */
  asks: boolean;
  /** A delayed retry: it may come before its time and then leaves `nextTry`. */
  retry: boolean;
  /** Pods or DaemonSets changed, and nothing else: a target that waits for something else has only new counts. */
  onlyRollout: boolean;
}

export interface SelectionInput {
  modules: readonly KnownModule[];
  /** Nodes by name that triggers are about. */
  nodes: ReadonlyMap<string, Node>;
  /** All nodes, when a trigger needs them. */
  allNodes: readonly Node[] | undefined;
  now: Date;
  ignoredTaints: readonly string[];
  hostAliases: HostAliases;
}

/** The targets that one trigger is about. Pure; de-duplicated over a batch by `mergeWanted`. */
export function selectTargets(trigger: Trigger, input: SelectionInput): Wanted[] {
  switch (trigger.kind) {
    case 'node':
      return trigger.change === 'left' ? [] : nodeTargets([trigger.name], input).map((target) => wanted(target, false));
    case 'image':
      return imageTargets(trigger, input).map((target) => ({ ...wanted(target, true), imageEvent: true }));
    case 'module':
      return trigger.deleted
        ? []
        : modulesNamed(input.modules, trigger.namespace, trigger.name).flatMap((module) =>
            allTargets(module, input, true),
          );
    case 'dockerfile':
      return dockerfileTargets(trigger.namespace, trigger.configMap, input.modules).map((target) =>
        wanted(target, true),
      );
    case 'rollout':
      return entriesOf(modulesNamed(input.modules, trigger.namespace, trigger.module)).map((target) => ({
        ...wanted(target, false),
        onlyRollout: true,
      }));
    case 'job':
      return entriesOf(modulesNamed(input.modules, trigger.namespace, trigger.module)).map((target) =>
        wanted(target, false),
      );
    case 'finished':
      return entriesOf(modulesNamed(input.modules, trigger.target.namespace, trigger.target.module))
        .filter((target) => isSame(target, trigger.target))
        .map((target) => wanted(target, false));
    case 'resolve':
      return resolveTargets(trigger, input);
  }
}

/** One look per target, however many triggers asked for it. */
export function mergeWanted(all: readonly Wanted[]): Map<string, Wanted> {
  const merged = new Map<string, Wanted>();
  for (const next of all) {
    const key = targetName(next.target);
    const old = merged.get(key);
    merged.set(key, old === undefined ? next : both(old, next));
  }
  return merged;
}

export function targetName({ namespace, module, kernelVersion, architecture }: TargetKey): string {
  return `${namespace}/${module} ${kernelVersion}/${architecture}`;
}

function both(a: Wanted, b: Wanted): Wanted {
  const attempt = a.attempt ?? b.attempt;
  return {
    target: a.target,
    asks: a.asks || b.asks,
    retry: a.retry && b.retry,
    onlyRollout: a.onlyRollout && b.onlyRollout,
    imageEvent: a.imageEvent || b.imageEvent,
    rollout: a.rollout || b.rollout,
    ...(attempt === undefined ? {} : { attempt }),
  };
}

function wanted(target: TargetKey, asks: boolean): Wanted {
  return { target, asks, retry: false, onlyRollout: false, imageEvent: false, rollout: false };
}

function nodeTargets(names: readonly string[], { modules, nodes, ignoredTaints }: SelectionInput): TargetKey[] {
  const present = names.flatMap((name) => nodes.get(name) ?? []);
  return modules.flatMap((module) => targetsOnNodes(module, present, ignoredTaints));
}

function targetsOnNodes(module: KnownModule, nodes: readonly Node[], ignoredTaints: readonly string[]): TargetKey[] {
  const targets = new Map<string, TargetKey>();
  for (const node of nodes) {
    const selection = selectNode(module, node, ignoredTaints);
    if (selection.selected) targets.set(targetName(selection.target), selection.target);
  }
  return [...targets.values()];
}

/** From `status.kernels` alone, without a list of nodes: an entry counts as a node's report. */
function imageTargets(event: ImageTrigger, { modules, hostAliases }: SelectionInput): TargetKey[] {
  return modules.flatMap((module) =>
    entriesOf([module]).filter((target) => {
      const entry = module.status.kernels[`${target.kernelVersion}/${target.architecture}`];
      const known = [entry?.digest, entry?.indexDigest, entry?.newDigest];
      return references(module, target, entry?.image).some((reference) =>
        imageMatches(event, { reference, digests: known }, hostAliases),
      );
    }),
  );
}

function references(module: KnownModule, target: TargetKey, image: string | undefined): string[] {
  const resolution = module.resolve(target.kernelVersion);
  const data = resolution.outcome === 'resolved' ? resolution.data : undefined;
  const unsigned = data === undefined ? undefined : unsignedReference(data, target);
  return [image, data?.containerImage, unsigned].filter((reference) => reference !== undefined);
}

function dockerfileTargets(namespace: string, configMap: string, modules: readonly KnownModule[]): TargetKey[] {
  const inNamespace = modules.filter((module) => module.namespace === namespace);
  return inNamespace.flatMap((module) =>
    entriesOf([module]).filter(({ kernelVersion }) => {
      const resolution = module.resolve(kernelVersion);
      return resolution.outcome === 'resolved' && resolution.data.build?.dockerfileConfigMap === configMap;
    }),
  );
}

function resolveTargets(trigger: ResolveTrigger, input: SelectionInput): Wanted[] {
  const { scope } = trigger;
  const named = input.modules.filter(
    (module) =>
      (scope.namespace === undefined || scope.namespace === module.namespace) &&
      (scope.module === undefined || scope.module === module.name),
  );
  const targets =
    scope.node === undefined
      ? named.flatMap((module) => allTargets(module, input, true).map(({ target }) => target))
      : nodeTargets([scope.node], { ...input, modules: named });
  return targets
    .filter(
      (target) =>
        (scope.kernelVersion === undefined || scope.kernelVersion === target.kernelVersion) &&
        (scope.architecture === undefined || scope.architecture === target.architecture),
    )
    .map((target) => ({
      ...wanted(target, trigger.cause === 'manual' || (trigger.cause === 'sweep' && isInSlot(target, input.now))),
      retry: trigger.cause === 'retry',
      rollout: trigger.rollout === true,
      ...(trigger.attempt === undefined ? {} : { attempt: trigger.attempt }),
    }));
}

/** Every target of a Module: those of the nodes (when they were read) and those that have an entry. */
function allTargets(module: KnownModule, input: SelectionInput, asks: boolean): Wanted[] {
  const onNodes = targetsOnNodes(module, input.allNodes ?? [], input.ignoredTaints);
  const all = new Map([...onNodes, ...entriesOf([module])].map((target) => [targetName(target), target]));
  return [...all.values()].map((target) => wanted(target, asks));
}

function entriesOf(modules: readonly KnownModule[]): TargetKey[] {
  return modules.flatMap((module) =>
    Object.keys(module.status.kernels).flatMap((key) => {
      const slash = key.lastIndexOf('/');
      if (slash <= 0) return [];
      return {
        namespace: module.namespace,
        module: module.name,
        kernelVersion: key.slice(0, slash),
        architecture: key.slice(slash + 1),
      };
    }),
  );
}

function modulesNamed(modules: readonly KnownModule[], namespace: string, name: string): KnownModule[] {
  return modules.filter((module) => module.namespace === namespace && module.name === name);
}

function isSame(a: TargetKey, b: TargetKey): boolean {
  return a.kernelVersion === b.kernelVersion && a.architecture === b.architecture;
}
