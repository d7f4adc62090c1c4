import { annotations, prefix } from '../../kmm/labels.ts';
import type { ModuleObject } from '../../kubernetes/objects.ts';
import { parseReResolve } from '../../reconcile/request.ts';
import type { ModuleTrigger, ResolveTrigger } from '../trigger.ts';
import type { Change } from './change.ts';

/** A Module changed in something that we read; and, when its re-resolve annotation is new, the manual call that this is. */
export function moduleTriggers({ before, after }: Change<ModuleObject>): (ModuleTrigger | ResolveTrigger)[] {
  const module = after ?? before;
  if (module?.metadata.namespace === undefined) return [];
  if (before !== undefined && after !== undefined && !moduleDiffers(before, after)) return [];
  const { namespace, name } = module.metadata;
  const deleted = after === undefined || after.metadata.deletionTimestamp !== undefined;
  const changed: ModuleTrigger = { kind: 'module', namespace, name, deleted };
  return [changed, ...manualCall({ namespace, module: name }, before, deleted ? undefined : after)];
}

/** Spec (its generation), labels, our annotations; never status, other annotations or finalizers. */
export function moduleDiffers(before: ModuleObject, after: ModuleObject): boolean {
  return (
    before.metadata.generation !== after.metadata.generation ||
    differs(before.metadata.labels, after.metadata.labels) ||
    differs(ours(before.metadata.annotations), ours(after.metadata.annotations)) ||
    (before.metadata.deletionTimestamp === undefined) !== (after.metadata.deletionTimestamp === undefined)
  );
}

/** Only when the annotation of a standing Module changes: a new Module that brings one along is resolved anyway. */
function manualCall(
  scope: { namespace: string; module: string },
  before: ModuleObject | undefined,
  after: ModuleObject | undefined,
): ResolveTrigger[] {
  const [old, now] = [before, after].map((module) => module?.metadata.annotations[annotations.reResolve]);
  if (before === undefined || now === undefined || now === old) return [];
  const call = parseReResolve(now);
  if (call === undefined) return [];
  // Never a force: the annotation is its record already, and recording it again would be another one, without end.
  return [{ kind: 'resolve', cause: 'manual', scope: { ...scope, ...targetOf(call.only) } }];
}

/** `<kernel>/<arch>`; what is not that leaves the scope at the whole Module, and the planner forces nothing for it. */
function targetOf(only: string | undefined): { kernelVersion: string; architecture: string } | undefined {
  const [, kernelVersion, architecture] = /^([^/]{1,64})\/([^/]{1,64})$/.exec(only ?? '') ?? [];
  return kernelVersion === undefined || architecture === undefined ? undefined : { kernelVersion, architecture };
}

function ours(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith(prefix)));
}

function differs(before: Record<string, string>, after: Record<string, string>): boolean {
  const keys = Object.keys(after);
  return keys.length !== Object.keys(before).length || keys.some((key) => before[key] !== after[key]);
}
