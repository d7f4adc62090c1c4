import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dedupe } from '../../../shared/events/dedupe.ts';
import { readQueueBody, toQueueBody } from '../../../shared/events/queue-body.ts';
import { route } from '../../../shared/events/route.ts';
import { secretMatches } from '../../../shared/events/secret-matches.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { queuedFunctions } from '../../../shared/ports/bus.ts';

const hint = { kernelVersion: 'k', bootID: 'b', architecture: 'amd64' };
const one: Trigger[] = [
  { kind: 'node', name: 'n', change: 'joined', hint },
  { kind: 'rollout', namespace: 'ns', module: 'm' },
  { kind: 'job', namespace: 'ns', module: 'm', name: 'j' },
  { kind: 'module', namespace: 'ns', name: 'm', deleted: false },
  { kind: 'dockerfile', namespace: 'ns', configMap: 'c' },
  { kind: 'image', action: 'push', registry: 'r', repository: 'x', tag: '1' },
  { kind: 'finished', target: { namespace: 'ns', module: 'm', kernelVersion: 'k', architecture: 'amd64' } },
  { kind: 'resolve', scope: { module: 'm' }, cause: 'manual' },
];

test('a thing that changed is one trigger, however often it is told', () =>
  assert.deepEqual(dedupe([...one, ...structuredClone(one)]), one));

test('what differs stays apart', () => {
  const different: Trigger[] = [
    { kind: 'node', name: 'n', change: 'changed', hint },
    { kind: 'node', name: 'n', change: 'changed', hint: { ...hint, kernelVersion: 'l' } },
    { kind: 'node', name: 'n', change: 'left', hint },
    { kind: 'rollout', namespace: 'ns', module: 'm', node: 'a' },
    { kind: 'rollout', namespace: 'ns', module: 'm', node: 'b' },
    { kind: 'rollout', namespace: 'ns', module: 'm', node: 'b', unloadFailed: { pod: 'p', exitCode: 1, message: '' } },
    { kind: 'module', namespace: 'ns', name: 'm', deleted: true },
    { kind: 'module', namespace: 'ns', name: 'm', deleted: false },
    { kind: 'resolve', scope: {}, cause: 'manual', force: true },
    { kind: 'resolve', scope: {}, cause: 'manual' },
  ];
  assert.deepEqual(dedupe(different), different);
});

test('every kind of trigger goes to its function', () => {
  const routed = route(one).map(({ to, trigger }) => [trigger.kind, to]);
  assert.deepEqual(routed, [
    ['node', 'node-changed'],
    ['rollout', 'rollout-changed'],
    ['job', 'job-finished'],
    ['module', 'module-changed'],
    ['dockerfile', 'module-changed'],
    ['image', 'image-changed'],
    ['finished', 'job-finished'],
    ['resolve', 're-resolve'],
  ]);
  assert.ok(route(one).every(({ to }) => queuedFunctions.includes(to)));
});

test('a delay is said only where there is one', () => {
  assert.deepEqual(
    route(one.slice(0, 1), 1).map(({ delaySeconds }) => delaySeconds),
    [1],
  );
  assert.ok(route(one).every((message) => !('delaySeconds' in message)));
});

for (const trigger of one) {
  test(`a ${trigger.kind} trigger survives a queue`, () => {
    const { decoded, notBefore } = readQueueBody(toQueueBody({ trigger }, 1234), { ignoredTaints: [] });
    assert.deepEqual([decoded, notBefore], [[{ kind: 'triggers', triggers: [trigger] }], 1234]);
  });
}

test('a secret matches itself alone, and one of two while it is rotated', () => {
  assert.equal(secretMatches('right', ['right']), true);
  assert.equal(secretMatches('old', ['new', 'old']), true);
  for (const text of ['', 'righ', 'right ', 'RIGHT']) assert.equal(secretMatches(text, ['right', '']), false);
  assert.equal(secretMatches('', ['']), false);
  assert.equal(secretMatches('x', []), false);
});
