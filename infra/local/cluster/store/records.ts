import type { Kind, ObjectKey } from '../../../../shared/kubernetes/resources.ts';
import { createHistory, type StoreEvent } from './history.ts';
import { keyOf, keyString, type StoredObject } from './object.ts';
import type { Owners } from './ownership.ts';

/** An object, and which field manager owns which of its fields. */
export interface Entry {
  object: StoredObject;
  owners: Owners;
}

/** The plain memory under the API's rules: one counter of versions, one table per kind, and who listens to changes. */
export interface Records {
  version(): number;
  get(kind: Kind, key: ObjectKey): Entry | undefined;
  entries(kind: Kind): Iterable<Entry>;
  /** Objects with an owner reference to this uid, of whatever kind. */
  dependents(uid: string): StoredObject[];
  put(kind: Kind, entry: Entry): StoredObject;
  /** Puts an object with the version that it had, and tells nobody: what stood before a restart. */
  restore(kind: Kind, entry: Entry): void;
  remove(kind: Kind, object: StoredObject): StoredObject;
  since(version: number): StoreEvent[];
  /** Listeners run at once, in order of subscription, after the change stands. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
}

export function createRecords(options: { historySize: number; version: number }): Records {
  const tables = new Map<Kind, Map<string, Entry>>();
  const byOwner = new Map<string, Map<string, { kind: Kind; key: ObjectKey }>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  const history = createHistory(options.historySize, options.version);
  let version = options.version;

  const table = (kind: Kind) => {
    const found = tables.get(kind) ?? new Map<string, Entry>();
    tables.set(kind, found);
    return found;
  };
  const stamp = (object: StoredObject): StoredObject => {
    version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
  };
  const unannounced: StoreEvent[] = [];
  let announcing = false;
  // A listener may write: its change is announced after the present one has reached everybody, so that all see one order.
  const announce = (event: StoreEvent) => {
    history.add(event);
    unannounced.push(event);
    if (announcing) return;
    announcing = true;
    const errors: unknown[] = [];
    for (let next = unannounced.shift(); next; next = unannounced.shift()) {
      for (const listener of [...listeners]) errors.push(...errorsOf(listener, next));
    }
    announcing = false;
    // Only now, so that one broken listener keeps no other from what has happened.
    if (errors.length > 0) throw new AggregateError(errors, 'A listener of the store failed');
  };
  const forgetOwners = (kind: Kind, object: StoredObject) => {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const owned = byOwner.get(owner.uid);
      owned?.delete(`${kind} ${keyString(keyOf(object))}`);
      if (owned?.size === 0) byOwner.delete(owner.uid);
    }
  };
  const rememberOwners = (kind: Kind, object: StoredObject) => {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const owned = byOwner.get(owner.uid) ?? new Map();
      byOwner.set(owner.uid, owned.set(`${kind} ${keyString(keyOf(object))}`, { kind, key: keyOf(object) }));
    }
  };

  return {
    version: () => version,
    get: (kind, key) => table(kind).get(keyString(key)),
    entries: (kind) => table(kind).values(),
    dependents: (uid) =>
      [...(byOwner.get(uid)?.values() ?? [])].flatMap(({ kind, key }) => table(kind).get(keyString(key))?.object ?? []),
    put(kind, entry) {
      const key = keyString(keyOf(entry.object));
      const previous = table(kind).get(key)?.object;
      const object = stamp(entry.object);
      if (previous) forgetOwners(kind, previous);
      table(kind).set(key, { object, owners: entry.owners });
      rememberOwners(kind, object);
      announce({ type: previous ? 'MODIFIED' : 'ADDED', kind, object, previous, version });
      return object;
    },
    restore(kind, entry) {
      table(kind).set(keyString(keyOf(entry.object)), entry);
      rememberOwners(kind, entry.object);
    },
    remove(kind, previous) {
      const object = stamp(previous);
      table(kind).delete(keyString(keyOf(previous)));
      forgetOwners(kind, previous);
      announce({ type: 'DELETED', kind, object, previous, version });
      return object;
    },
    since: history.since,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function errorsOf(listener: (event: StoreEvent) => void, event: StoreEvent): unknown[] {
  try {
    listener(event);
    return [];
  } catch (error) {
    return [error];
  }
}
