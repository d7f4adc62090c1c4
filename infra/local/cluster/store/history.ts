import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { ApiError } from './api-error.ts';
import type { StoredObject } from './object.ts';

/** One change. `previous` is what stood before; for DELETED `object` is the last state, with the version of the deletion. */
export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  kind: Kind;
  object: StoredObject;
  previous: StoredObject | undefined;
  version: number;
}

export interface History {
  add(event: StoreEvent): void;
  /** All that came after a version, oldest first; 410 Expired when that is not remembered any more. */
  since(version: number): StoreEvent[];
}

/** The last `limit` changes; `start` is the version before the first of them. */
export function createHistory(limit: number, start: number): History {
  let events: StoreEvent[] = [];
  let forgotten = start;
  let newest = start;

  return {
    add(event) {
      events.push(event);
      newest = event.version;
      if (events.length < 2 * limit) return;
      forgotten = events[limit - 1]?.version ?? forgotten;
      events = events.slice(limit);
    },
    since(version) {
      if (version < forgotten || version > newest) {
        throw new ApiError('Expired', `too old resource version: ${version} (${forgotten})`);
      }
      return events.filter((event) => event.version > version);
    },
  };
}
