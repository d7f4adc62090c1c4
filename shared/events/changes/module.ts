import { prefix } from '../../kmm/labels.ts';
import type { ModuleObject } from '../../kubernetes/objects.ts';
import type { ModuleTrigger } from '../trigger.ts';
import type { Change } from './change.ts';

/** A Module changed in something that we read. The re-resolve annotation is one of ours: all targets are looked at anew anyway. */
export function moduleTriggers({ before, after }: Change<ModuleObject>): ModuleTrigger[] {
  const module = after ?? before;
  if (module?.metadata.namespace === undefined) return [];
  if (before !== undefined && after !== undefined && !moduleDiffers(before, after)) return [];
  const { namespace, name } = module.metadata;
  const deleted = after === undefined || after.metadata.deletionTimestamp !== undefined;
  const generation = deleted ? 0 : after.metadata.generation;
  return [{ kind: 'module', namespace, name, deleted, ...(generation > 0 && { generation }) }];
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

function ours(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key.startsWith(prefix)));
}

function differs(before: Record<string, string>, after: Record<string, string>): boolean {
  const keys = Object.keys(after);
  return keys.length !== Object.keys(before).length || keys.some((key) => before[key] !== after[key]);
}
