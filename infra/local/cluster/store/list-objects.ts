import { randomUUID } from 'node:crypto';
import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { ApiError } from './api-error.ts';
import { parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';
import { keyOf, keyString, type StoredObject } from './object.ts';
import type { Records } from './records.ts';

export interface Selection {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListRequest extends Selection {
  limit?: number | undefined;
  continue?: string | undefined;
}

/** One page; `resourceVersion` is that of the first page, from which a watch can go on. */
export interface ObjectList {
  items: StoredObject[];
  resourceVersion: string;
  continue: string | undefined;
  remaining: number;
}

/** Whether an object is within a namespace and both selectors. */
export function selectionFilter(selection: Selection): (object: StoredObject) => boolean {
  const labels = parseLabelSelector(selection.labelSelector ?? '');
  const fields = parseFieldSelector(selection.fieldSelector ?? '');
  const { namespace } = selection;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    labels(object.metadata.labels ?? {}) &&
    fields(object);
}

/**
 * Lists in pages of one consistent state: the rest of a list is kept (objects are never changed in place, so that costs
 * a pointer each) until it is read or pushed out by newer lists. Then its token has expired: 410, as after etcd's compaction.
 */
export function createLister(records: Records, options: { openLists: number }) {
  const open = new Map<string, { items: StoredObject[]; resourceVersion: string }>();

  return {
    list(kind: Kind, request: ListRequest): ObjectList {
      const { items, resourceVersion } = request.continue ? resume(request.continue) : snapshot(kind, request);
      const limit = request.limit && request.limit > 0 ? request.limit : items.length;
      const rest = items.slice(limit);
      const token = rest.length > 0 ? keep(rest, resourceVersion) : undefined;
      return { items: items.slice(0, limit), resourceVersion, continue: token, remaining: rest.length };
    },
    /** Forgets all open lists, as a compaction does. */
    compact: () => open.clear(),
  };

  function snapshot(kind: Kind, request: ListRequest) {
    const wanted = selectionFilter(request);
    const items = [...records.entries(kind)].map((entry) => entry.object).filter(wanted);
    const keyed = items.map((object) => ({ key: keyString(keyOf(object)), object }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
    return { items: keyed.map(({ object }) => object), resourceVersion: String(records.version()) };
  }

  function resume(token: string) {
    const rest = open.get(token);
    if (rest) return rest;
    throw new ApiError('Expired', 'The provided continue parameter is too old: start the list again without it');
  }

  function keep(items: StoredObject[], resourceVersion: string): string {
    const token = randomUUID();
    open.set(token, { items, resourceVersion });
    const oldest = open.keys().next();
    if (open.size > options.openLists && !oldest.done) open.delete(oldest.value);
    return token;
  }
}
