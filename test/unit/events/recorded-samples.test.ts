import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeEvent } from '../../../shared/events/decode-event.ts';
import { allTriggers, type Decoded } from '../../../shared/events/decoded.ts';
import type { IncomingEvent } from '../../../shared/events/sources/source.ts';
import { allSources, isSourceName, sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';

const options = { ignoredTaints: defaultIgnoredTaints };
const digest = 'sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175';

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8'));
}

/** The recordings of HTTP requests hold headers and a body, which is text where the sender's bytes were kept. */
function recorded(name: string): IncomingEvent[] {
  const sample = load(name);
  const requests = Array.isArray(sample) ? sample : [sample];
  return requests.map(({ headers, body }) => ({ headers, body: typeof body === 'string' ? JSON.parse(body) : body }));
}

const bootID = 'b0000000-0000-0000-0000-000000000000';
const hint = (kernelVersion: string, id = bootID) => ({ kernelVersion, bootID: id, architecture: 'amd64' });

const reviews: Record<string, unknown[]> = {
  'node-create': [{ kind: 'node', name: 'a1', change: 'joined', hint: hint('6.1.0-1') }],
  'node-create-by-kubelet': [
    { kind: 'node', name: 'hollow1', change: 'joined', hint: hint('3.16.0-0.bpo.4-amd64', '') },
  ],
  'node-status-kernel-change': [{ kind: 'node', name: 'a1', change: 'changed', hint: hint('6.1.0-2') }],
  'node-delete': [{ kind: 'node', name: 'a1', change: 'left', hint: hint('6.1.0-3', 'b2') }],
  'module-create': [{ kind: 'module', namespace: 'default', name: 'm', deleted: false, generation: 1 }],
  'job-complete': [{ kind: 'job', namespace: 'default', module: 'm', name: 'j1' }],
  // Recorded without the role label that our pods bear: not one of ours.
  'pod-ready': [],
};

for (const [name, triggers] of Object.entries(reviews)) {
  test(`the recorded review ${name} decodes to its triggers`, () => {
    const event = { headers: {}, body: load(`admissionreview-${name}`) };
    assert.equal(sources['admission-review'].recognise(event), true);
    assert.deepEqual(allTriggers(decodeEvent(event, options, allSources)), triggers);
  });
}

test('the recorded pod review, with the role of a loader, is a rollout on its node', () => {
  const body = structuredClone(load('admissionreview-pod-ready')) as {
    request: Record<string, { metadata: { labels: Record<string, string> } }>;
  };
  for (const which of ['object', 'oldObject']) {
    Object.assign(body.request[which]?.metadata.labels ?? {}, { 'kmm.node.kubernetes.io/role': 'module-loader' });
  }
  assert.deepEqual(allTriggers(decodeEvent({ headers: {}, body }, options, allSources)), [
    { kind: 'rollout', namespace: 'default', module: 'm', node: 'b1' },
  ]);
});

const notifications: [name: string, expected: Decoded['kind'], trigger?: unknown][] = [
  [
    'push-manifest',
    'triggers',
    { kind: 'image', action: 'push', registry: '127.0.0.1:5000', repository: 't/tiny', tag: '1', digest },
  ],
  [
    'after-retry',
    'triggers',
    { kind: 'image', action: 'push', registry: '127.0.0.1:5000', repository: 't/tiny', tag: 'retry', digest },
  ],
  [
    'delete-digest',
    'triggers',
    { kind: 'image', action: 'delete', registry: '127.0.0.1:5000', repository: 't/other', digest },
  ],
  [
    'delete-tag',
    'triggers',
    { kind: 'image', action: 'delete', registry: '127.0.0.1:5000', repository: 't/other', tag: '2' },
  ],
  ['pull', 'ignored'],
  ['mount', 'ignored'],
];

for (const [name, expected, trigger] of notifications) {
  test(`the recorded notification ${name} is ${expected}`, () => {
    const [event] = recorded(`notification-${name}`);
    assert.ok(event !== undefined && sources.distribution.recognise(event));
    const [decoded] = decodeEvent(event, options, allSources);
    assert.equal(decoded?.kind, expected);
    assert.deepEqual(allTriggers(decoded === undefined ? [] : [decoded]), trigger === undefined ? [] : [trigger]);
  });
}

for (const mode of ['resource', 'reference']) {
  test(`a node's recorded life in Knative's mode ${mode} is joined, changed, left`, () => {
    const decoded = recorded(`knative-apiserversource-${mode}`).flatMap((event) =>
      decodeEvent(event, options, allSources),
    );
    const triggers = allTriggers(decoded);
    const changes = triggers.map((trigger) => (trigger.kind === 'node' ? trigger.change : trigger.kind));
    assert.deepEqual(changes, ['joined', ...Array(7).fill('changed'), 'left']);
    const withHint = triggers.filter(
      (trigger) => trigger.kind === 'node' && trigger.hint?.kernelVersion.startsWith('6.1.0'),
    );
    assert.equal(withHint.length, mode === 'resource' ? 9 : 0);
  });
}

test('every recorded sample is of exactly one source', () => {
  const names = Object.keys(reviews).map((name) => ({ headers: {}, body: load(`admissionreview-${name}`) }));
  const others = [
    ...notifications.map(([name]) => `notification-${name}`),
    'knative-apiserversource-resource',
    'knative-apiserversource-reference',
  ];
  for (const event of [...names, ...others.flatMap(recorded)]) {
    const found = Object.keys(sources).filter((name) => isSourceName(name) && sources[name].recognise(event));
    assert.equal(found.length, 1, `${found}`);
  }
});
