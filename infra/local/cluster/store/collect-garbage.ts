import { isKind, type Kind, resources } from '../../../../shared/kubernetes/resources.ts';
import { deleteObject } from './delete-object.ts';
import type { StoreEvent } from './history.ts';
import { keyOf, type StoredObject } from './object.ts';
import type { WriteContext } from './write.ts';

/**
 * The garbage collector: what belongs to nobody any more goes, as does all that was in a deleted namespace. With
 * `absentOwners`, also what is created with owners that do not exist (tests that seed lone objects do without).
 */
export function collectGarbage(context: WriteContext, options: { absentOwners: boolean }): void {
  const { records } = context;
  records.subscribe((event) => {
    for (const object of doomedBy(event)) {
      const live = isKind(object.kind) ? records.get(object.kind, keyOf(object))?.object : undefined;
      const same = live !== undefined && live.metadata.uid === object.metadata.uid;
      if (same && isKind(object.kind)) deleteObject(context, object.kind, keyOf(object), {});
    }
  });

  function doomedBy(event: StoreEvent): StoredObject[] {
    if (event.type !== 'DELETED') return options.absentOwners && isOrphan(event.object) ? [event.object] : [];
    const dependents = records.dependents(event.object.metadata.uid ?? '').filter(isOrphan);
    return event.kind === 'Namespace' ? [...dependents, ...inNamespace(event.object.metadata.name)] : dependents;
  }

  function isOrphan({ metadata }: StoredObject): boolean {
    const { ownerReferences = [], namespace, deletionTimestamp } = metadata;
    if (ownerReferences.length === 0 || deletionTimestamp !== undefined) return false;
    return ownerReferences.every(
      (owner) => isKind(owner.kind) && !stands(owner.kind, owner.name, owner.uid, namespace),
    );
  }

  function stands(kind: Kind, name: string, uid: string, namespace: string | undefined): boolean {
    const key = resources[kind].namespaced && namespace !== undefined ? { namespace, name } : { name };
    return records.get(kind, key)?.object.metadata.uid === uid;
  }

  function inNamespace(namespace: string): StoredObject[] {
    const kinds = Object.keys(resources).filter(isKind);
    return kinds.flatMap((kind) =>
      [...records.entries(kind)]
        .map((entry) => entry.object)
        .filter(({ metadata }) => metadata.namespace === namespace),
    );
  }
}
