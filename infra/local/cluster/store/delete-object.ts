import { isKind, type Kind, type ObjectKey } from '../../../../shared/kubernetes/resources.ts';
import { objectError } from './api-error.ts';
import { isRecord, keyOf, type StoredObject, timestamp } from './object.ts';
import { assertPreconditions, isReleased, type WriteContext } from './write.ts';

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/ */
export interface DeleteOptions {
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined } | undefined;
  propagationPolicy?: string | undefined;
  gracePeriodSeconds?: number | undefined;
  dryRun?: boolean | undefined;
}

/**
 * Deletes at once, or marks for deletion what has a finalizer or, a scheduled pod, a grace period; its kubelet ends that
 * with a second call of 0 seconds. Dependents are orphaned here or else collected by the garbage collector.
 */
export function deleteObject(context: WriteContext, kind: Kind, key: ObjectKey, options: DeleteOptions): StoredObject {
  const { records } = context;
  const previous = records.get(kind, key);
  if (previous === undefined) throw objectError('NotFound', kind, key, 'not found');
  assertPreconditions(kind, key, previous.object, options.preconditions ?? {});
  const { dryRun = false } = options;
  context.attempted({
    operation: 'DELETE',
    kind,
    subresource: undefined,
    object: undefined,
    previous: previous.object,
    dryRun,
  });
  if (dryRun) return previous.object;
  if (options.propagationPolicy === 'Orphan') orphanDependents(context, previous.object);

  const grace = kind === 'Pod' ? gracePeriod(previous.object, options.gracePeriodSeconds) : 0;
  const doomed = markDeleted(previous.object, grace, context.now());
  if (isReleased(doomed)) return records.remove(kind, previous.object);
  const { deletionTimestamp, deletionGracePeriodSeconds: standing = 0 } = previous.object.metadata;
  const unchanged = deletionTimestamp !== undefined && grace >= standing;
  return unchanged ? previous.object : records.put(kind, { object: doomed, owners: previous.owners });
}

function markDeleted(object: StoredObject, grace: number, now: Date): StoredObject {
  const end = timestamp(new Date(now.getTime() + grace * 1000));
  const marks = { deletionTimestamp: end, deletionGracePeriodSeconds: grace };
  return { ...object, metadata: { ...object.metadata, ...marks } };
}

/** A pod that no kubelet runs has nothing to wait for. */
function gracePeriod(pod: StoredObject, asked: number | undefined): number {
  const spec = isRecord(pod['spec']) ? pod['spec'] : {};
  const status = isRecord(pod['status']) ? pod['status'] : {};
  if (!spec['nodeName'] || status['phase'] === 'Failed' || status['phase'] === 'Succeeded') return 0;
  const own = spec['terminationGracePeriodSeconds'];
  return asked ?? (typeof own === 'number' ? own : 30);
}

function orphanDependents({ records }: WriteContext, owner: StoredObject): void {
  for (const object of records.dependents(owner.metadata.uid ?? '')) {
    const entry = isKind(object.kind) ? records.get(object.kind, keyOf(object)) : undefined;
    if (!entry || !isKind(object.kind)) continue;
    const ownerReferences = object.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.metadata.uid);
    const orphan = { ...object, metadata: { ...object.metadata, ownerReferences } };
    records.put(object.kind, { object: orphan, owners: entry.owners });
  }
}
