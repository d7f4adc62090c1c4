import type { Counters, KernelEntry, ModuleStatus } from '../kmm/status.ts';
import { type ConditionContext, conditionsOf } from './conditions.ts';
import { isEqual } from './is-equal.ts';

/** What a run wants the entries of its targets to be; `null`: the entry goes. */
export type EntryChanges = Record<string, KernelEntry | null>;

/** What the entries do not tell. */
export interface StatusContext extends ConditionContext {
  /** Of the device plugin; absent: the Module has none. */
  plugin: Counters | undefined;
  /** Nodes that the selector matches; absent: the run has not read all nodes. */
  matching: number | undefined;
}

/**
 * The merge patch that brings `status` to where the changed entries put it, conditions and KMM's counters computed from all
 * entries; `undefined` when nothing differs.
 */
export function planStatusPatch(
  status: ModuleStatus,
  changes: EntryChanges,
  about: StatusContext,
): Record<string, unknown> | undefined {
  const kernels = diffEntries(status.kernels, changes);
  const after = applyChanges(status.kernels, changes);
  const conditions = conditionsOf(after, status.conditions, about);
  const moduleLoader = loaderCounters(after, about.matching ?? status.moduleLoader?.nodesMatchingSelectorNumber ?? 0);
  const patch = {
    ...(Object.keys(kernels).length === 0 ? {} : { kernels }),
    ...differing('conditions', status.conditions, conditions),
    ...differing('moduleLoader', status.moduleLoader, moduleLoader),
    ...(about.plugin === undefined
      ? status.devicePlugin === undefined
        ? {}
        : { devicePlugin: null }
      : differing('devicePlugin', status.devicePlugin, about.plugin)),
  };
  return Object.keys(patch).length === 0 ? undefined : patch;
}

export function applyChanges(kernels: ModuleStatus['kernels'], changes: EntryChanges): Map<string, KernelEntry> {
  const after = new Map<string, KernelEntry>();
  for (const [key, entry] of Object.entries(kernels)) if (entry !== undefined) after.set(key, entry);
  for (const [key, entry] of Object.entries(changes)) {
    if (entry === null) after.delete(key);
    else after.set(key, entry);
  }
  return after;
}

function diffEntries(before: ModuleStatus['kernels'], changes: EntryChanges): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(changes)) {
    const old = before[key];
    if (entry === null) {
      if (key in before) patch[key] = null;
    } else if (!isEqual(old, entry)) patch[key] = old === undefined ? entry : wholly(old, entry);
  }
  return patch;
}

/** A merge patch that leaves exactly `after`: `null` for what goes, at every level. */
function wholly(before: object, after: object): Record<string, unknown> {
  const patch: Record<string, unknown> = Object.fromEntries(Object.keys(before).map((key) => [key, null]));
  const old: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(after)) {
    const was = old[key];
    patch[key] = isPlain(value) && isPlain(was) ? wholly(was, value) : value;
  }
  return patch;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Entries without a DaemonSet count no nodes: only what runs or shall run is a desired node. */
function loaderCounters(entries: Map<string, KernelEntry>, matching: number): Counters {
  let desired = 0;
  let available = 0;
  for (const { rollout } of entries.values()) {
    desired += rollout?.desired ?? 0;
    available += rollout?.available ?? 0;
  }
  return {
    nodesMatchingSelectorNumber: Math.max(matching, desired),
    desiredNumber: desired,
    availableNumber: available,
  };
}

function differing<T>(name: string, before: T | undefined, after: T): Record<string, T> {
  return isEqual(before, after) ? {} : { [name]: after };
}
