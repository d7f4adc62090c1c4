import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import type { StoreEvent } from './history.ts';
import { type Selection, selectionFilter } from './list-objects.ts';
import type { StoredObject } from './object.ts';
import type { Records } from './records.ts';

export interface WatchRequest extends Selection {
  /** Changes after this version; without it (or "0") first an ADDED for everything that stands. */
  resourceVersion?: string | undefined;
}

export interface WatchedChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: StoredObject;
}

/**
 * Hands out the changes of one kind, past ones first, and returns the stop. An object that comes into the selection is
 * ADDED and one that leaves it DELETED, whatever was done to it. Throws 410 when the version is too old.
 */
export function watchObjects(
  records: Records,
  kind: Kind,
  request: WatchRequest,
  push: (change: WatchedChange) => void,
): () => void {
  const wanted = selectionFilter(request);
  const tell = (event: StoreEvent) => {
    if (event.kind !== kind) return;
    const change = seenThrough(wanted, event);
    if (change) push(change);
  };
  const start = request.resourceVersion ?? '';
  if (start === '' || start === '0') {
    for (const { object } of records.entries(kind)) if (wanted(object)) push({ type: 'ADDED', object });
  } else {
    for (const event of records.since(Number(start))) tell(event);
  }
  return records.subscribe(tell);
}

function seenThrough(wanted: (object: StoredObject) => boolean, event: StoreEvent): WatchedChange | undefined {
  const { object, previous } = event;
  const was = previous !== undefined && wanted(previous);
  const is = event.type !== 'DELETED' && wanted(object);
  if (was && is) return { type: 'MODIFIED', object };
  if (is) return { type: 'ADDED', object };
  return was ? { type: 'DELETED', object } : undefined;
}
