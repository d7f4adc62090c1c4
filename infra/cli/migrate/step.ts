import type { MigrationKind, ObjectRef } from './kinds.ts';
import type { Marked } from './snapshot.ts';

export type Change =
  | { action: 'delete' }
  /** Deletes the object and leaves what it owns. */
  | { action: 'orphan' }
  | { action: 'drop-finalizers'; finalizers: string[]; kept: string[] }
  | { action: 'remove-labels'; labels: string[] };

/** One write, whole as data. Done twice it changes nothing more. */
export interface Step extends ObjectRef {
  change: Change;
  why: string;
  /** Only to this very object. */
  uid: string;
  resourceVersion: string;
  /** Objects that must have gone before. */
  after: ObjectRef[];
}

export function toRef(kind: MigrationKind, { metadata: { namespace, name } }: Marked): ObjectRef {
  return { kind, ...(namespace === undefined ? {} : { namespace }), name };
}

export function toStep(
  kind: MigrationKind,
  object: Marked,
  change: Change,
  why: string,
  after: ObjectRef[] = [],
): Step {
  const { uid, resourceVersion } = object.metadata;
  return { ...toRef(kind, object), change, why, uid, resourceVersion, after };
}

/** None for what is being deleted already. */
export function deletion(kind: MigrationKind, object: Marked, why: string): Step[] {
  return object.metadata.deletionTimestamp === undefined ? [toStep(kind, object, { action: 'delete' }, why)] : [];
}
