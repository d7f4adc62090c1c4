import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clusterHook } from '../../../functions/cluster-hook/cluster-hook.ts';
import { decodeEvent } from '../../../shared/events/decode-event.ts';
import type { Decoded } from '../../../shared/events/decoded.ts';
import { allSources, sources } from '../../../shared/events/sources/sources.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const options = { ignoredTaints: defaultIgnoredTaints };

const node = (kernelVersion: string, bootID = 'b1', metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a1', uid: 'u1', ...metadata },
  status: { nodeInfo: { kernelVersion, bootID, architecture: 'amd64' } },
});
const nodes = { group: '', version: 'v1', resource: 'nodes', metadata: {} };
const context = {
  type: 'resource',
  specversion: '1.0',
  source: 'kmm-nodes',
  id: '35363330',
  time: '2026-08-01T00:00:00Z',
  datacontenttype: 'application/json',
  subject: 'nodes',
};
const whole = (data: object) => ({ context, data: { ...nodes, ...data } });

function decodeOne(body: unknown): Decoded {
  const [decoded, ...more] = decodeEvent({ headers: {}, body }, options, allSources);
  assert.ok(decoded);
  assert.deepEqual(more, []);
  return decoded;
}

const trigger = (change: string, kernelVersion: string, bootID = 'b1') => ({
  kind: 'triggers',
  triggers: [{ kind: 'node', name: 'a1', change, hint: { kernelVersion, bootID, architecture: 'amd64' } }],
});

suite('an event of an Argo resource source', () => {
  const wakes: [what: string, body: unknown, decoded: unknown][] = [
    [
      'a node that was added joined',
      whole({ type: 'ADD', body: node('6.1.0-1'), oldBody: null }),
      trigger('joined', '6.1.0-1'),
    ],
    [
      'an update to another kernel changed it',
      whole({ type: 'UPDATE', body: node('6.1.0-2', 'b2'), oldBody: node('6.1.0-1') }),
      trigger('changed', '6.1.0-2', 'b2'),
    ],
    ['a node that was deleted left', whole({ type: 'DELETE', body: node('6.1.0-1') }), trigger('left', '6.1.0-1')],
    [
      'data without the context, as a payload may send it, is the same',
      whole({ type: 'ADD', body: node('6.1.0-1') }).data,
      trigger('joined', '6.1.0-1'),
    ],
    [
      'objects as text, as a payload without useRawData sends them, are read',
      whole({ type: 'UPDATE', body: JSON.stringify(node('6.1.0-2')), oldBody: JSON.stringify(node('6.1.0-1')) }),
      trigger('changed', '6.1.0-2'),
    ],
    [
      'an update without its old object counts as a change',
      whole({ type: 'UPDATE', body: node('6.1.0-1'), oldBody: '' }),
      trigger('changed', '6.1.0-1'),
    ],
  ];
  for (const [what, body, decoded] of wakes) {
    test(what, () => {
      assert.equal(sources['argo-resource'].recognise({ headers: {}, body }), true);
      assert.deepEqual(decodeOne(body), decoded);
    });
  }

  const sleeps: [what: string, body: unknown][] = [
    ['a heartbeat', whole({ type: 'UPDATE', body: node('6.1.0-1'), oldBody: node('6.1.0-1') })],
    [
      'the echo of our own label',
      whole({
        type: 'UPDATE',
        body: node('6.1.0-1', 'b1', { labels: { [labels.ready('gpu', 'acme')]: '' } }),
        oldBody: node('6.1.0-1'),
      }),
    ],
    ['a kind that we do not follow', whole({ type: 'ADD', resource: 'services', body: node('6.1.0-1') })],
    ['nodes of another group', whole({ type: 'ADD', group: 'metrics.k8s.io', body: node('6.1.0-1') })],
  ];
  for (const [what, body] of sleeps) {
    test(`${what} wakes nobody`, () => assert.equal(decodeOne(body).kind, 'ignored'));
  }

  test('a Module is followed as well', () => {
    const module = { metadata: { namespace: 'gpu', name: 'acme', generation: 1 }, spec: {} };
    const data = { group: 'kmm.sigs.x-k8s.io', version: 'v1beta1', resource: 'modules' };
    assert.deepEqual(decodeOne(whole({ ...data, type: 'ADD', body: module })), {
      kind: 'triggers',
      triggers: [{ kind: 'module', namespace: 'gpu', name: 'acme', deleted: false, generation: 1 }],
    });
  });

  const poison: [what: string, body: unknown][] = [
    ['an object without a name', whole({ type: 'ADD', body: { metadata: {} } })],
    ['text that is no JSON', whole({ type: 'ADD', body: '{"metadata"' })],
  ];
  for (const [what, body] of poison) {
    test(`${what} is poison`, () => assert.equal(decodeOne(body).kind, 'poison'));
  }

  test('an event of another type is not of this source', () => {
    for (const body of [
      { context: { ...context, type: 'webhook' }, data: {} },
      { type: 'ADD' },
      aNode(),
      null,
      'ADD',
    ]) {
      assert.equal(sources['argo-resource'].recognise({ headers: {}, body }), false);
    }
  });

  test('a sender is known by the shared secret, in a header or the path', () => {
    const keys = { secrets: ['right-secret'], header: 'authorization' };
    const request = { headers: {}, body: new Uint8Array() };
    const { verify } = sources['argo-resource'];
    assert.equal(verify({ ...request, headers: { authorization: 'Bearer right-secret' } }, keys, new Date(0)), true);
    assert.equal(verify({ ...request, pathSecret: 'right-secret' }, keys, new Date(0)), true);
    assert.equal(verify({ ...request, pathSecret: 'wrong' }, keys, new Date(0)), false);
  });

  test('comes in by the door of the cluster, as an event of Knative does', async () => {
    const [bus, logger] = [createFakeBus(), createFakeLogger()];
    const secret = 'secret-of-the-cluster';
    const hook = clusterHook({ ...options, secrets: [secret], reviewDelaySeconds: 1 }, { bus, logger });
    const body = JSON.stringify(whole({ type: 'ADD', body: node('6.1.0-1') }));
    const headers = { 'content-type': 'application/json' };
    const answer = await httpApp([hook], logger).request(`/cluster/${secret}/events`, {
      method: 'POST',
      headers,
      body,
    });
    assert.equal(answer.status, 202);
    assert.deepEqual(bus.published, [{ to: 'node-changed', trigger: trigger('joined', '6.1.0-1').triggers[0] }]);
  });
});
