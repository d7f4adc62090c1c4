import type { Kind, ObjectKey } from '../../../../shared/kubernetes/resources.ts';
import { objectError } from './api-error.ts';
import { mergeApplied } from './merge-applied.ts';
import type { StoredObject } from './object.ts';
import { abandonedPaths, conflictError, conflictingPaths, ownersAfterApply } from './ownership.ts';
import { parseObjectAt } from './parse-body.ts';
import { withoutFields } from './without-fields.ts';
import { newObject, updatedObject } from './writable.ts';
import { assertPatchable, commit, type WriteContext, type WriteOptions } from './write.ts';

export interface ApplyOptions extends WriteOptions {
  manager: string;
  force?: boolean | undefined;
}

/**
 * Server-side apply: the manager owns what it sends; what it sent before and leaves out now goes; fields of others stay.
 * The same again changes nothing. https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyObject(
  context: WriteContext,
  kind: Kind,
  key: ObjectKey,
  body: unknown,
  options: ApplyOptions,
): StoredObject {
  const applied = parseObjectAt(kind, key, body);
  const { manager, subresource } = options;
  const live = context.records.get(kind, key);
  const { status: _status, ...main } = applied;
  const sent = { ...main, apiVersion: applied.apiVersion, kind: applied.kind, metadata: applied.metadata };

  if (live === undefined) {
    if (subresource) throw objectError('NotFound', kind, key, 'not found');
    // A resourceVersion alone does not hinder: a real API server makes the object anew.
    if (applied.metadata.uid)
      throw objectError('Conflict', kind, key, `is not there any more: no object has the uid ${applied.metadata.uid}`);
    const object = newObject(kind, sent, context.now());
    return commit(
      context,
      kind,
      undefined,
      { object, owners: ownersAfterApply({}, manager, sent, new Set()) },
      options,
    );
  }

  assertPatchable(kind, key, live.object, applied.metadata);
  const wanted = subresource === 'status' ? onlyStatus(applied) : sent;
  const conflicts = conflictingPaths(live.owners, manager, live.object, wanted);
  if (conflicts.size > 0 && !options.force) throw conflictError(conflicts);
  const kept = withoutFields(live.object, abandonedPaths(live.owners, manager, live.object, wanted));
  const object = updatedObject(kind, live.object, mergeApplied(kept, wanted), subresource);
  const owners = ownersAfterApply(live.owners, manager, wanted, new Set(conflicts.keys()));
  return commit(context, kind, live, { object, owners }, options);
}

function onlyStatus(applied: StoredObject): StoredObject {
  const { apiVersion, kind, metadata, status } = applied;
  return { apiVersion, kind, metadata: { name: metadata.name }, status };
}
