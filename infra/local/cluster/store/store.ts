import type { Json } from '../../../../shared/kubernetes/merge-patch.ts';
import type { Kind, ObjectKey } from '../../../../shared/kubernetes/resources.ts';
import { type ApplyOptions, applyObject } from './apply-object.ts';
import { collectGarbage } from './collect-garbage.ts';
import { createObject } from './create-object.ts';
import { type DeleteOptions, deleteObject } from './delete-object.ts';
import type { StoreEvent } from './history.ts';
import { createLister, type ListRequest, type ObjectList } from './list-objects.ts';
import type { StoredObject } from './object.ts';
import { createRecords, type Entry } from './records.ts';
import { patchObject, replaceObject } from './update-object.ts';
import { type WatchedChange, type WatchRequest, watchObjects } from './watch-objects.ts';
import type { Admit, WriteAttempt, WriteContext, WriteOptions } from './write.ts';

/** The rules of a Kubernetes API over objects in memory. Refusals are ApiErrors; bodies are `unknown` and checked. */
export interface ClusterStore {
  version(): number;
  get(kind: Kind, key: ObjectKey): StoredObject | undefined;
  /** All of a kind in no order, without the cost of a list. */
  objects(kind: Kind): StoredObject[];
  /** Objects with an owner reference to this uid. */
  dependents(uid: string): StoredObject[];
  list(kind: Kind, request?: ListRequest): ObjectList;
  watch(kind: Kind, request: WatchRequest, push: (change: WatchedChange) => void): () => void;
  create(kind: Kind, namespace: string | undefined, body: unknown, options?: WriteOptions): StoredObject;
  replace(kind: Kind, key: ObjectKey, body: unknown, options?: WriteOptions): StoredObject;
  patch(kind: Kind, key: ObjectKey, patch: Json, options?: WriteOptions): StoredObject;
  apply(kind: Kind, key: ObjectKey, body: unknown, options: ApplyOptions): StoredObject;
  delete(kind: Kind, key: ObjectKey, options?: DeleteOptions): StoredObject;
  /** Puts an object as it is, status, uid and generation included, as a write of its own: for tests. */
  seed(kind: Kind, object: StoredObject): StoredObject;
  /** Puts what stood before a restart, version included, and tells nobody. */
  restore(kind: Kind, entry: Entry): void;
  entries(kind: Kind): Iterable<Entry>;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  /** Sees every write before it stands, as a validating webhook does. */
  onAttempt(listener: (attempt: WriteAttempt) => void): () => void;
  /** Forgets the rest of all open lists: their continue tokens answer 410. */
  compact(): void;
}

export interface StoreOptions {
  now?: () => Date;
  admit?: Admit;
  /** How many changes a watch can go back, at least. */
  historySize?: number;
  /** The version to go on from, after a restart. */
  version?: number;
  /** Whether what is created with owners that do not exist is collected, as it is in a cluster. */
  absentOwners?: boolean;
}

export function createStore(options: StoreOptions = {}): ClusterStore {
  const { now = () => new Date(), admit = (_kind, object) => object, historySize = 4096, version = 0 } = options;
  const records = createRecords({ historySize, version });
  const attempts = new Set<(attempt: WriteAttempt) => void>();
  const attempted = (attempt: WriteAttempt) => {
    for (const listener of attempts) listener(attempt);
  };
  const context: WriteContext = { records, now, admit, attempted };
  const lister = createLister(records, { openLists: 64 });
  collectGarbage(context, { absentOwners: options.absentOwners ?? true });

  return {
    version: records.version,
    get: (kind, key) => records.get(kind, key)?.object,
    objects: (kind) => Array.from(records.entries(kind), (entry) => entry.object),
    dependents: records.dependents,
    list: (kind, request = {}) => lister.list(kind, request),
    watch: (kind, request, push) => watchObjects(records, kind, request, push),
    create: (kind, namespace, body, write = {}) => createObject(context, kind, namespace, body, write),
    replace: (kind, key, body, write = {}) => replaceObject(context, kind, key, body, write),
    patch: (kind, key, patch, write = {}) => patchObject(context, kind, key, patch, write),
    apply: (kind, key, body, write) => applyObject(context, kind, key, body, write),
    delete: (kind, key, request = {}) => deleteObject(context, kind, key, request),
    seed: (kind, object) => records.put(kind, { object, owners: {} }),
    restore: records.restore,
    entries: records.entries,
    subscribe: records.subscribe,
    onAttempt(listener) {
      attempts.add(listener);
      return () => attempts.delete(listener);
    },
    compact: lister.compact,
  };
}
