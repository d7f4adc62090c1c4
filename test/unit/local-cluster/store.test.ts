import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StoreEvent } from '../../../infra/local/cluster/store/history.ts';
import type { StoredObject } from '../../../infra/local/cluster/store/object.ts';
import { type ClusterStore, createStore } from '../../../infra/local/cluster/store/store.ts';

const key = { namespace: 'n', name: 'a' };
const named = (name: string, rest: object = {}) => ({ metadata: { name, ...rest } });

describe('server-side apply', () => {
  const apply = (store: ClusterStore, manager: string, data: object, force = false) =>
    store.apply('ConfigMap', key, { ...named('a'), data }, { manager, force });

  test('another manager with another value is a conflict, unless it forces', () => {
    const store = createStore();
    apply(store, 'one', { x: '1', y: '1' });
    assert.throws(() => apply(store, 'two', { x: '2' }), { code: 'Conflict', message: /Apply one.*x/ });
    assert.deepEqual(apply(store, 'two', { x: '2' }, true)['data'], { x: '2', y: '1' });
    // What was taken is not the first one's to remove any more.
    assert.deepEqual(apply(store, 'one', { y: '1' })['data'], { x: '2', y: '1' });
  });

  test('a field that two managers applied stays until both leave it out', () => {
    const store = createStore();
    apply(store, 'one', { x: '1', y: '1' });
    apply(store, 'two', { x: '1' });
    assert.deepEqual(apply(store, 'one', { y: '1' })['data'], { x: '1', y: '1' });
    assert.deepEqual(apply(store, 'two', {})['data'], { y: '1' });
  });

  test('the same content from another manager is a new version once, and then none', () => {
    const store = createStore();
    const first = apply(store, 'one', { x: '1' });
    const second = apply(store, 'two', { x: '1' });
    assert.notEqual(versionOf(second), versionOf(first));
    assert.equal(versionOf(apply(store, 'two', { x: '1' })), versionOf(second));
  });

  test('a patched field that was never applied stays, and so does a patched item of a keyed list', () => {
    const store = createStore();
    const set = (env: object[]) => daemonSet([{ name: 'c', image: 'i', env }]);
    store.apply(
      'DaemonSet',
      key,
      set([
        { name: 'OURS', value: '1' },
        { name: 'GONE', value: '1' },
      ]),
      { manager: 'one' },
    );
    const env = [
      { name: 'OURS', value: '1' },
      { name: 'GONE', value: '1' },
      { name: 'THEIRS', value: '1' },
    ];
    store.patch(
      'DaemonSet',
      key,
      { spec: { template: { spec: { containers: [{ name: 'c', image: 'i', env }] } } } },
      { manager: 'two' },
    );
    const after = store.apply('DaemonSet', key, set([{ name: 'OURS', value: '1' }]), { manager: 'one' });
    assert.deepEqual(containersOf(after), [{ name: 'c', image: 'i', env: [env[0], env[2]] }]);
  });

  test('an applied container that is left out goes as a whole', () => {
    const store = createStore();
    store.apply(
      'DaemonSet',
      key,
      daemonSet([
        { name: 'c', image: 'i' },
        { name: 'd', image: 'j' },
      ]),
      { manager: 'one' },
    );
    const after = store.apply('DaemonSet', key, daemonSet([{ name: 'd', image: 'j' }]), { manager: 'one' });
    assert.deepEqual(containersOf(after), [{ name: 'd', image: 'j' }]);
  });

  test('lists of a custom resource are one value', () => {
    const store = createStore();
    const module = (containers: object[]) => ({ ...named('a'), spec: { containers } });
    store.apply('Module', key, module([{ name: 'x', value: 1 }, { name: 'y' }]), { manager: 'one' });
    const after = store.apply('Module', key, module([{ name: 'y' }]), { manager: 'one' });
    assert.deepEqual(after['spec'], { containers: [{ name: 'y' }] });
  });

  test('an apply for an object that has gone is a conflict when it names its uid', () => {
    const gone = { metadata: { name: 'a', uid: 'u' } };
    assert.throws(() => createStore().apply('ConfigMap', key, gone, { manager: 'one' }), { code: 'Conflict' });
  });
});

describe('watches', () => {
  const watched = (store: ClusterStore, request: object) => {
    const seen: string[] = [];
    store.watch('ConfigMap', request, ({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
    return seen;
  };

  test('a watch goes on from a version, past changes first', () => {
    const store = createStore();
    store.create('ConfigMap', 'n', named('a'));
    const { resourceVersion } = store.list('ConfigMap');
    store.create('ConfigMap', 'n', named('b'));
    const seen = watched(store, { resourceVersion });
    store.delete('ConfigMap', { namespace: 'n', name: 'a' });
    assert.deepEqual(seen, ['ADDED b', 'DELETED a']);
  });

  test('an object that comes into the selection is added, and one that leaves it deleted', () => {
    const store = createStore();
    const seen = watched(store, { labelSelector: 'on=yes', namespace: 'n' });
    store.create('ConfigMap', 'n', named('a'));
    store.patch('ConfigMap', key, { metadata: { labels: { on: 'yes' } } });
    store.patch('ConfigMap', key, { data: { x: '1' } });
    store.patch('ConfigMap', key, { metadata: { labels: { on: null } } });
    store.create('ConfigMap', 'elsewhere', named('a', { labels: { on: 'yes' } }));
    assert.deepEqual(seen, ['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  test('a version that is not remembered any more has expired, and so has one of the future', () => {
    const store = createStore({ historySize: 2 });
    for (let i = 0; i < 10; i += 1) store.create('ConfigMap', 'n', named(`c${i}`));
    for (const resourceVersion of ['1', '99'])
      assert.throws(() => watched(store, { resourceVersion }), { code: 'Expired' });
    assert.deepEqual(watched(store, { resourceVersion: '9' }), ['ADDED c9']);
  });

  test('what changes nothing wakes nobody', () => {
    const store = createStore();
    store.create('ConfigMap', 'n', { ...named('a'), data: { x: '1' } });
    const seen = watched(store, { resourceVersion: store.list('ConfigMap').resourceVersion });
    store.patch('ConfigMap', key, { data: { x: '1' } });
    store.patch('ConfigMap', key, { data: { x: '2' } }, { dryRun: true });
    assert.deepEqual(seen, []);
  });

  test('changes that a listener makes come after the one that it heard of, for everybody', () => {
    const store = createStore();
    const uid = store.create('ConfigMap', 'n', named('owner')).metadata.uid ?? '';
    store.create('ConfigMap', 'n', named('owned', ownedBy('owner', uid)));
    const seen: StoreEvent[] = [];
    store.subscribe((event) => void seen.push(event));
    store.delete('ConfigMap', { namespace: 'n', name: 'owner' });
    assert.deepEqual(
      seen.map(({ object }) => object.metadata.name),
      ['owner', 'owned'],
    );
    assert.ok((seen[0]?.version ?? 0) < (seen[1]?.version ?? 0));
  });
});

describe('deleting', () => {
  test('a pod with a node stays for its grace period, and goes with the second call', () => {
    const store = createStore({ now: () => new Date('2026-01-01T00:00:00Z') });
    store.create('Pod', 'n', {
      ...named('a'),
      spec: { nodeName: 'node', terminationGracePeriodSeconds: 600, containers: [] },
    });
    store.delete('Pod', key);
    const { deletionTimestamp, deletionGracePeriodSeconds } = store.get('Pod', key)?.metadata ?? {};
    assert.deepEqual([deletionTimestamp, deletionGracePeriodSeconds], ['2026-01-01T00:10:00Z', 600]);
    store.delete('Pod', key, { gracePeriodSeconds: 0 });
    assert.equal(store.get('Pod', key), undefined);
  });

  test('a pod that no node runs goes at once', () => {
    const store = createStore();
    store.create('Pod', 'n', { ...named('a'), spec: { containers: [] } });
    store.delete('Pod', key);
    assert.equal(store.get('Pod', key), undefined);
  });

  test('a finalizer holds an object until it is taken off', () => {
    const store = createStore();
    store.create('ConfigMap', 'n', named('a', { finalizers: ['x.example/y'] }));
    store.delete('ConfigMap', key);
    assert.notEqual(store.get('ConfigMap', key)?.metadata.deletionTimestamp, undefined);
    store.patch('ConfigMap', key, { metadata: { finalizers: null } });
    assert.equal(store.get('ConfigMap', key), undefined);
  });

  test('a namespace takes all that is in it along', () => {
    const store = createStore();
    store.create('Namespace', undefined, named('n'));
    store.create('ConfigMap', 'n', named('a'));
    store.create('ConfigMap', 'other', named('a'));
    store.delete('Namespace', { name: 'n' });
    assert.deepEqual(
      store.objects('ConfigMap').map(({ metadata }) => metadata.namespace),
      ['other'],
    );
  });

  test('orphans lose their owner and stay; what is made for an owner that has gone does not', () => {
    const store = createStore();
    const uid = store.create('ConfigMap', 'n', named('owner')).metadata.uid ?? '';
    store.create('ConfigMap', 'n', named('a', ownedBy('owner', uid)));
    store.delete('ConfigMap', { namespace: 'n', name: 'owner' }, { propagationPolicy: 'Orphan' });
    assert.deepEqual(store.get('ConfigMap', key)?.metadata.ownerReferences, []);
    store.create('ConfigMap', 'n', named('late', ownedBy('owner', uid)));
    assert.equal(store.get('ConfigMap', { namespace: 'n', name: 'late' }), undefined);
  });

  test('one living owner is enough to stay', () => {
    const store = createStore();
    const uids = ['one', 'two'].map((name) => store.create('ConfigMap', 'n', named(name)).metadata.uid ?? '');
    const ownerReferences = ['one', 'two'].flatMap((name, index) => ownedBy(name, uids[index] ?? '').ownerReferences);
    store.create('ConfigMap', 'n', named('a', { ownerReferences }));
    store.delete('ConfigMap', { namespace: 'n', name: 'one' });
    assert.ok(store.get('ConfigMap', key));
    store.delete('ConfigMap', { namespace: 'n', name: 'two' });
    assert.equal(store.get('ConfigMap', key), undefined);
  });
});

describe('writing', () => {
  test('an expired list token is a 410', () => {
    const store = createStore();
    for (const name of ['a', 'b', 'c']) store.create('ConfigMap', 'n', named(name));
    const { continue: token } = store.list('ConfigMap', { limit: 1 });
    store.create('ConfigMap', 'n', named('d'));
    const rest = store.list('ConfigMap', { continue: token });
    assert.deepEqual(
      rest.items.map(({ metadata }) => metadata.name),
      ['b', 'c'],
    );
    store.compact();
    assert.throws(() => store.list('ConfigMap', { continue: token }), { code: 'Expired' });
  });

  test('a node brings its status and changes labels by it; other kinds start without', () => {
    const store = createStore();
    const status = { nodeInfo: { kernelVersion: '6.1.0' } };
    assert.deepEqual(store.create('Node', undefined, { ...named('a'), status })['status'], status);
    const relabelled = store.patch(
      'Node',
      { name: 'a' },
      { metadata: { labels: { l: '1' } }, spec: { x: 1 } },
      { subresource: 'status' },
    );
    assert.deepEqual([relabelled.metadata.labels, relabelled['spec']], [{ l: '1' }, undefined]);
    assert.equal(
      store.create('Module', 'n', { ...named('a'), spec: {}, status: { kernels: {} } })['status'],
      undefined,
    );
  });

  test('system fields are not for callers to set', () => {
    const store = createStore();
    const made = store.create(
      'ConfigMap',
      'n',
      named('a', { uid: 'mine', generation: 7, deletionTimestamp: '2026-01-01T00:00:00Z' }),
    );
    assert.notEqual(made.metadata.uid, 'mine');
    assert.equal(made.metadata.deletionTimestamp, undefined);
    const { metadata } = store.patch('ConfigMap', key, { metadata: { creationTimestamp: null, generation: 9 } });
    assert.equal(metadata.creationTimestamp, made.metadata.creationTimestamp);
  });

  const refused: [why: string, code: string, body: unknown][] = [
    ['no metadata', 'BadRequest', {}],
    ['not an object', 'BadRequest', 'text'],
    ['another kind', 'BadRequest', { kind: 'Secret', ...named('a') }],
    ['another namespace', 'BadRequest', named('a', { namespace: 'other' })],
    ['labels that are no strings', 'BadRequest', named('a', { labels: { a: 1 } })],
    ['a name with capitals', 'Invalid', named('A')],
    ['a label value that ends in +', 'Invalid', named('a', { labels: { l: '6.1+' } })],
    ['a label key without a name', 'Invalid', named('a', { labels: { 'x.example/': '' } })],
    ['a label value of 64 characters', 'Invalid', named('a', { labels: { l: 'x'.repeat(64) } })],
  ];
  for (const [why, code, body] of refused) {
    test(`a create with ${why} is refused`, () => {
      assert.throws(() => createStore().create('ConfigMap', 'n', body), { code });
    });
  }

  const unreadable: [kind: 'Pod' | 'Node' | 'DaemonSet' | 'Secret', content: object][] = [
    ['Pod', { spec: { containers: [{ image: 'no name' }] } }],
    ['Pod', { spec: { nodeName: 7 } }],
    ['Node', { spec: { taints: 'none' } }],
    ['DaemonSet', { spec: { selector: { matchLabels: { a: 'b' } } } }],
    [
      'DaemonSet',
      { spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: {} } } },
    ],
    ['Secret', { data: { a: 1 } }],
  ];
  for (const [kind, content] of unreadable) {
    test(`a ${kind} like ${JSON.stringify(content)} is refused, since nobody could read it`, () => {
      assert.throws(() => createStore().create(kind, 'n', { ...named('a'), ...content }), { code: 'Invalid' });
    });
  }

  test('a listener that fails keeps no other from the change, and is told to the writer', () => {
    const store = createStore();
    store.subscribe(() => {
      throw new Error('broken');
    });
    const seen: string[] = [];
    store.subscribe(({ object }) => seen.push(object.metadata.name));
    assert.throws(() => store.create('ConfigMap', 'n', named('a')), { name: 'AggregateError' });
    assert.throws(() => store.create('ConfigMap', 'n', named('b')), { name: 'AggregateError' });
    assert.deepEqual(seen, ['a', 'b']);
  });

  test('a generated name is new each time', () => {
    const store = createStore();
    const body = { metadata: { generateName: 'job-' } };
    const names = [1, 2].map(() => store.create('ConfigMap', 'n', body).metadata.name);
    assert.ok(names.every((name) => /^job-[0-9a-f]{5}$/.test(name)) && names[0] !== names[1]);
  });
});

function ownedBy(name: string, uid: string) {
  return { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }] };
}

function daemonSet(containers: object[]) {
  const labels = { app: 'a' };
  return {
    ...named('a'),
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

function containersOf(set: StoredObject): unknown {
  return Object(set['spec']).template.spec.containers;
}

function versionOf(object: StoredObject): string | undefined {
  return object.metadata.resourceVersion;
}
