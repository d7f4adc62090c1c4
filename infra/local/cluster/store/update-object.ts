import { type Json, mergePatch } from '../../../../shared/kubernetes/merge-patch.ts';
import type { Kind, ObjectKey } from '../../../../shared/kubernetes/resources.ts';
import { objectError } from './api-error.ts';
import { type StoredObject, toJson } from './object.ts';
import { ownersAfterUpdate } from './ownership.ts';
import { parseObjectAt } from './parse-body.ts';
import type { Entry } from './records.ts';
import { updatedObject } from './writable.ts';
import { assertPatchable, assertPreconditions, commit, type WriteContext, type WriteOptions } from './write.ts';

/** PUT: the whole object anew. A `metadata.resourceVersion` in it guards the write. */
export function replaceObject(
  context: WriteContext,
  kind: Kind,
  key: ObjectKey,
  body: unknown,
  options: WriteOptions,
): StoredObject {
  const live = standing(context, kind, key);
  const next = parseObjectAt(kind, key, body);
  assertPreconditions(kind, key, live.object, next.metadata);
  return update(context, kind, next, live, options);
}

/** JSON merge patch. A `metadata.resourceVersion` in the patch guards it, also when it would change nothing. */
export function patchObject(
  context: WriteContext,
  kind: Kind,
  key: ObjectKey,
  patch: Json,
  options: WriteOptions,
): StoredObject {
  const live = standing(context, kind, key);
  const next = parseObjectAt(kind, key, mergePatch(toJson(live.object), patch));
  assertPatchable(kind, key, live.object, next.metadata);
  return update(context, kind, next, live, options);
}

function standing(context: WriteContext, kind: Kind, key: ObjectKey): Entry {
  const live = context.records.get(kind, key);
  if (live === undefined) throw objectError('NotFound', kind, key, 'not found');
  return live;
}

function update(
  context: WriteContext,
  kind: Kind,
  next: StoredObject,
  live: Entry,
  options: WriteOptions,
): StoredObject {
  const object = updatedObject(kind, live.object, next, options.subresource);
  const owners = ownersAfterUpdate(live.owners, options.manager, live.object, object);
  return commit(context, kind, live, { object, owners }, options);
}
