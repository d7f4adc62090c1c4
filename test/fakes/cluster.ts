import { ApiError } from '../../infra/local/cluster/store/api-error.ts';
import { StoredObject, toJson } from '../../infra/local/cluster/store/object.ts';
import { type ClusterStore, createStore } from '../../infra/local/cluster/store/store.ts';
import { toClusterError } from '../../shared/adapters/kubernetes/to-cluster-error.ts';
import { readObject } from '../../shared/kubernetes/read-object.ts';
import { isKind, type Kind, type Kinds, type ObjectKey, resources } from '../../shared/kubernetes/resources.ts';
import type { Cluster, ListOptions } from '../../shared/ports/cluster.ts';

export type ClusterVerb = 'get' | 'list' | 'create' | 'apply' | 'patch' | 'delete';

export interface ClusterCall {
  verb: ClusterVerb;
  kind: Kind;
  /** `namespace/name`, or the name alone; the namespace or "" of a list. */
  key: string;
  subresource?: 'status';
  /** What was created, applied or patched. */
  body?: unknown;
}

const manager = 'kmm-functions';

/** The Cluster port over the rules of the embedded API server, without HTTP. */
export interface FakeCluster extends Cluster {
  /** Every call, in order; failed ones too. A list counts once, whatever its pages. */
  readonly calls: ClusterCall[];
  readonly store: ClusterStore;
  /** The calls that may change something, of one kind or all. */
  writes(kind?: Kind): ClusterCall[];
  /** The n-th next call (1 by default) of that verb and kind throws this. Several may be planned. */
  failNext(verb: ClusterVerb, kind: Kind, error: Error, nth?: number): void;
  /** Puts an object as it is, status and uid included; what is not given of its metadata is filled in. */
  seed(...objects: object[]): void;
}

export function createFakeCluster(objects: readonly object[] = [], options: { now?: () => Date } = {}): FakeCluster {
  const store = createStore({ ...options, absentOwners: false });
  const calls: ClusterCall[] = [];
  const failures: { verb: ClusterVerb; kind: Kind; error: Error; left: number }[] = [];

  const answer = <T>(call: ClusterCall, run: () => T): T => {
    calls.push(call);
    const due = failures.find(
      (failure) => failure.verb === call.verb && failure.kind === call.kind && --failure.left === 0,
    );
    if (due) throw due.error;
    return asClusterErrors(call, run);
  };

  async function* pages<K extends Kind>(kind: K, request: ListOptions = {}): AsyncGenerator<Kinds[K][]> {
    const call: ClusterCall = { verb: 'list', kind, key: request.namespace ?? '' };
    let page = answer(call, () => store.list(kind, { limit: 500, ...request }));
    yield read(kind, page.items);
    while (page.continue !== undefined) {
      const next = { limit: 500, ...request, continue: page.continue };
      page = asClusterErrors(call, () => store.list(kind, next));
      yield read(kind, page.items);
    }
  }

  const fake: FakeCluster = {
    calls,
    store,
    writes: (kind) =>
      calls.filter((call) => call.verb !== 'get' && call.verb !== 'list' && (!kind || call.kind === kind)),
    failNext: (verb, kind, error, nth = 1) => void failures.push({ verb, kind, error, left: nth }),
    seed(...seeds) {
      for (const seed of seeds) seedObject(store, seed);
    },
    async get(kind, key) {
      const found = answer({ verb: 'get', kind, key: text(key) }, () => store.get(kind, key));
      return found && readObject(kind, toJson(found));
    },
    pages,
    async list(kind, request) {
      const all: Kinds[typeof kind][] = [];
      for await (const page of pages(kind, request)) all.push(...page);
      return all;
    },
    async create(manifest) {
      const kind = kindOf(manifest.kind);
      const key = keyOf(kind, manifest.metadata);
      return answer({ verb: 'create', kind, key: text(key), body: toJson(manifest) }, () => {
        if (store.get(kind, key)) return 'exists';
        store.create(kind, key.namespace, toJson(manifest), { manager });
        return 'created';
      });
    },
    async apply(kind, manifest) {
      const key = keyOf(kind, manifest.metadata);
      const body = toJson(manifest);
      const call: ClusterCall = { verb: 'apply', kind, key: text(key), body };
      return readObject(kind, toJson(answer(call, () => store.apply(kind, key, body, { manager, force: true }))));
    },
    async patch(kind, key, patch, { subresource, resourceVersion } = {}) {
      const guard = resourceVersion ? { metadata: { ...Object(patch['metadata']), resourceVersion } } : {};
      const body = toJson({ ...patch, ...guard });
      const call: ClusterCall = { verb: 'patch', kind, key: text(key), body, ...(subresource ? { subresource } : {}) };
      return answer(call, () => {
        if (store.get(kind, key) === undefined) return 'absent';
        return readObject(kind, toJson(store.patch(kind, key, body, { subresource, manager })));
      });
    },
    async delete(kind, key, { uid, resourceVersion } = {}) {
      return answer({ verb: 'delete', kind, key: text(key) }, () => {
        if (store.get(kind, key) === undefined) return 'absent';
        store.delete(kind, key, { preconditions: { uid, resourceVersion } });
        return 'deleted';
      });
    },
  };
  fake.seed(...objects);
  return fake;
}

function seedObject(store: ClusterStore, seed: object): void {
  const { kind, metadata, ...rest } = StoredObject.parse(toJson({ apiVersion: '', ...seed }));
  const known = kindOf(kind);
  const { apiVersion } = resources[known];
  const uid = metadata.uid || `uid-${known}-${metadata.namespace ?? ''}-${metadata.name}`.toLowerCase();
  store.seed(known, { ...rest, apiVersion, kind, metadata: { generation: 1, ...metadata, uid } });
}

function kindOf(name: string): Kind {
  if (isKind(name)) return name;
  throw new TypeError(`The fake cluster knows no kind ${JSON.stringify(name)}`);
}

function keyOf(kind: Kind, { namespace, name }: ObjectKey): ObjectKey {
  return resources[kind].namespaced && namespace !== undefined ? { namespace, name } : { name };
}

function text(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}

function read<K extends Kind>(kind: K, items: StoredObject[]): Kinds[K][] {
  return items.map((item) => readObject(kind, toJson(item)));
}

function asClusterErrors<T>(call: ClusterCall, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw toClusterError(`${call.verb} ${call.kind} ${call.key}`, error.status, error.message, error);
  }
}
