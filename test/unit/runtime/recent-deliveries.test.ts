import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decoded } from '../../../shared/events/decoded.ts';
import { createRecentDeliveries } from '../../../shared/runtime/recent-deliveries.ts';

const item = (delivery: string): Decoded => ({
  kind: 'triggers',
  triggers: [{ kind: 'image', action: 'push', registry: 'r.example', repository: 'a', tag: '1' }],
  delivery,
});
const kinds = (decoded: readonly Decoded[]) => decoded.map(({ kind }) => kind);

test('a delivery of one sender says nothing about another’s', () => {
  const recent = createRecentDeliveries(() => new Date(0));
  recent.remember('harbor/a', [item('1')]);
  assert.deepEqual(kinds(recent.absorb('harbor/a', [item('1'), item('2')])), ['ignored', 'triggers']);
  assert.deepEqual(kinds(recent.absorb('harbor/b', [item('1')])), ['triggers']);
});

test('what was never queued is news', () => {
  const recent = createRecentDeliveries(() => new Date(0));
  recent.absorb('harbor/a', [item('1')]);
  assert.deepEqual(kinds(recent.absorb('harbor/a', [item('1')])), ['triggers']);
});

test('the oldest of very many are forgotten', () => {
  const recent = createRecentDeliveries(() => new Date(0));
  for (let id = 0; id <= 10_000; id++) recent.remember('harbor/a', [item(`${id}`)]);
  assert.deepEqual(kinds(recent.absorb('harbor/a', [item('0'), item('10000')])), ['triggers', 'ignored']);
});
