import { isDeepStrictEqual } from 'node:util';
import type { Kind, ObjectKey } from '../../../../shared/kubernetes/resources.ts';
import { objectError } from './api-error.ts';
import type { StoredObject } from './object.ts';
import type { Owners } from './ownership.ts';
import type { Entry, Records } from './records.ts';
import { validate } from './validate.ts';
import type { Subresource } from './writable.ts';

/** What happens to every write before it stands, as a mutating admission policy would do it. */
export type Admit = (kind: Kind, object: StoredObject) => StoredObject;

/** Told of every write before it stands, no-ops and dry runs included, as validating webhooks are. */
export interface WriteAttempt {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  kind: Kind;
  subresource: Subresource;
  object: StoredObject | undefined;
  previous: StoredObject | undefined;
  dryRun: boolean;
}

/** What all writes of a store share. */
export interface WriteContext {
  records: Records;
  now: () => Date;
  admit: Admit;
  attempted: (attempt: WriteAttempt) => void;
}

export interface WriteOptions {
  subresource?: Subresource;
  /** Field manager; without one the fields stay without an owner. */
  manager?: string | undefined;
  dryRun?: boolean | undefined;
}

/** The end of every create and update: admission, validation, and nothing at all when nothing would change. */
export function commit(
  context: WriteContext,
  kind: Kind,
  previous: Entry | undefined,
  next: { object: StoredObject; owners: Owners },
  options: WriteOptions,
): StoredObject {
  const object = context.admit(kind, next.object);
  validate(kind, object, previous?.object);
  context.attempted({
    operation: previous ? 'UPDATE' : 'CREATE',
    kind,
    subresource: options.subresource,
    object,
    previous: previous?.object,
    dryRun: options.dryRun ?? false,
  });
  if (previous && isDeepStrictEqual(object, previous.object) && sameOwners(next.owners, previous.owners))
    return previous.object;
  if (options.dryRun) return object;
  const stored = context.records.put(kind, { object, owners: next.owners });
  return isReleased(stored) ? context.records.remove(kind, stored) : stored;
}

/** Being deleted, with no finalizer and no grace period left to wait for. */
export function isReleased({ metadata }: StoredObject): boolean {
  const held = (metadata.finalizers ?? []).length > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
  return metadata.deletionTimestamp !== undefined && !held;
}

interface Wanted {
  uid?: string | undefined;
  resourceVersion?: string | undefined;
}

/** PUT and DELETE: 409 when they name another version, or another object of that name, than the one that stands. */
export function assertPreconditions(kind: Kind, key: ObjectKey, live: StoredObject, wanted: Wanted): void {
  if (wanted.uid && wanted.uid !== live.metadata.uid) {
    const words = `can't be changed: the UID in the precondition (${wanted.uid}) is not that of the object`;
    throw objectError('Conflict', kind, key, words);
  }
  assertVersion(kind, key, live, wanted);
}

/** Patches of any kind: 409 when they name another version; another uid is but a field that may not change. */
export function assertPatchable(kind: Kind, key: ObjectKey, live: StoredObject, wanted: Wanted): void {
  assertVersion(kind, key, live, wanted);
  if (wanted.uid && wanted.uid !== live.metadata.uid) {
    const words = `is invalid: metadata.uid: Invalid value: "${wanted.uid}": field is immutable`;
    throw objectError('Invalid', kind, key, words);
  }
}

function assertVersion(kind: Kind, key: ObjectKey, live: StoredObject, { resourceVersion }: Wanted): void {
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    const words = `can't be changed: resourceVersion ${resourceVersion} is not the present one; read it again`;
    throw objectError('Conflict', kind, key, words);
  }
}

function sameOwners(a: Owners, b: Owners): boolean {
  const sets = (owners: Owners) =>
    Object.fromEntries(Object.entries(owners).map(([owner, paths]) => [owner, new Set(paths)]));
  return a === b || isDeepStrictEqual(sets(a), sets(b));
}
