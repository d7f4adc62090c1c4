import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StoredObject } from '../../../infra/local/cluster/store/object.ts';
import { createStore } from '../../../infra/local/cluster/store/store.ts';

const key = { namespace: 'n', name: 'a' };
const names = fc.constantFrom('a', 'b', 'c');
const scalar = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('x', 'y'), fc.boolean());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
}));
const spec = fc.dictionary(names, value, { maxKeys: 3 });
const item = fc.record({ name: names, value: scalar }, { requiredKeys: ['name'] });
const env = fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 3 });
const containers = fc.uniqueArray(
  fc.record({ name: names, image: fc.constantFrom('x', 'y'), env }, { requiredKeys: ['name'] }),
  {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 3,
  },
);

const moduleOf = (content: unknown) => ({ metadata: { name: 'a' }, spec: content });
const daemonSetOf = (list: unknown) => {
  const template = { metadata: { labels: { l: '1' } }, spec: { containers: list } };
  return { metadata: { name: 'a' }, spec: { selector: { matchLabels: { l: '1' } }, template } };
};
const both = fc.oneof(
  fc.tuple(spec, spec).map((pair) => ({ kind: 'Module' as const, bodies: pair.map(moduleOf) })),
  fc.tuple(containers, containers).map((pair) => ({ kind: 'DaemonSet' as const, bodies: pair.map(daemonSetOf) })),
);

test('the same apply again is no new version, whatever came before', () => {
  fc.assert(
    fc.property(both, ({ kind, bodies }) => {
      const store = createStore();
      for (const body of bodies) store.apply(kind, key, body, { manager: 'one' });
      const before = store.version();
      store.apply(kind, key, bodies[1], { manager: 'one' });
      assert.equal(store.version(), before);
    }),
  );
});

test('what one manager applies last is all that is left of what it applied', () => {
  fc.assert(
    fc.property(both, ({ kind, bodies }) => {
      const [once, twice] = [createStore(), createStore()];
      for (const body of bodies) twice.apply(kind, key, body, { manager: 'one' });
      const direct = once.apply(kind, key, bodies[1], { manager: 'one' });
      assert.deepEqual(contentOf(twice.get(kind, key)), contentOf(direct));
    }),
  );
});

test('a field that another manager set survives every apply that does not name it', () => {
  fc.assert(
    fc.property(spec, spec, (first, second) => {
      const store = createStore();
      store.apply('Module', key, moduleOf({ ours: first }), { manager: 'one' });
      store.patch('Module', key, { spec: { theirs: 1, ours: { theirs: 2 } } }, { manager: 'two' });
      const after = store.apply('Module', key, moduleOf({ ours: second }), { manager: 'one', force: true });
      const { theirs, ours } = Object(contentOf(after));
      assert.deepEqual([theirs, ours.theirs], [1, 2]);
    }),
  );
});

function contentOf(object: StoredObject | undefined): unknown {
  return object?.['spec'];
}
