import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { clusterHook } from '../../../functions/cluster-hook/cluster-hook.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { maxBodyBytes } from '../../../shared/runtime/door.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const secrets = ['first-secret-of-the-cluster', 'second-secret-of-the-cluster'];
const sample = (name: string) => readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8');
const kernelChange = sample('admissionreview-node-status-kernel-change');

function door() {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const hook = clusterHook({ secrets, ignoredTaints: defaultIgnoredTaints, reviewDelaySeconds: 1 }, { bus, logger });
  const app = httpApp([hook], logger);
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { bus, logger, post, app };
}

const allowed = (uid: string) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid, allowed: true },
});

describe('the cluster hook', () => {
  test('queues what a review says, a second late, and allows the write', async () => {
    const { bus, post } = door();
    const response = await post(`/cluster/${secrets[0]}/node?timeout=1s`, kernelChange);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), allowed('f9d456d7-69b2-4514-9dbd-baac10863e04'));
    const hint = { kernelVersion: '6.1.0-2', bootID: 'b0000000-0000-0000-0000-000000000000', architecture: 'amd64' };
    assert.deepEqual(bus.published, [
      { to: 'node-changed', trigger: { kind: 'node', name: 'a1', change: 'changed', hint }, delaySeconds: 1 },
    ]);
  });

  test('takes both secrets while one is rotated', async () => {
    const { post } = door();
    for (const secret of secrets) assert.equal((await post(`/cluster/${secret}/node`, kernelChange)).status, 200);
  });

  const unknown = [
    '/cluster/wrong-secret/node',
    '/cluster//node',
    `/cluster/${secrets[0]}/other`,
    `/cluster/${secrets[0]}`,
    '/',
    `/cluster/${secrets[0]}/node/x`,
  ];
  for (const path of unknown) {
    test(`knows no ${path.replace(secrets[0] ?? '', '<secret>')}, and reads nothing of it`, async () => {
      const { bus, post } = door();
      assert.equal((await post(path, 'x'.repeat(2 * maxBodyBytes))).status, 404);
      assert.deepEqual(bus.published, []);
    });
  }

  test('takes POST alone', async () => {
    const { app } = door();
    assert.equal((await app.request(`/cluster/${secrets[0]}/node`)).status, 404);
  });

  const garbage: [what: string, body: string | Uint8Array<ArrayBuffer>, uid: string][] = [
    ['no JSON', 'nonsense', ''],
    ['binary', new Uint8Array([0, 255, 1, 254]), ''],
    ['nothing', '', ''],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, ''],
    ['another object', '{"kind":"Status"}', ''],
    ['half a review', '{"kind":"AdmissionReview","request":{"uid":"u1"}}', 'u1'],
  ];
  for (const [what, body, uid] of garbage) {
    test(`allows the write for a review that is ${what}, and queues nothing`, async () => {
      const { bus, post } = door();
      const response = await post(`/cluster/${secrets[0]}/node`, body);
      assert.deepEqual([response.status, await response.json()], [200, allowed(uid)]);
      assert.deepEqual(bus.published, []);
    });
  }

  test('refuses more than a mebibyte', async () => {
    const { post } = door();
    assert.equal((await post(`/cluster/${secrets[0]}/node`, 'x'.repeat(maxBodyBytes + 1))).status, 413);
  });

  test('allows the write when the queue refuses', async () => {
    const { bus, logger, post } = door();
    bus.failNext(new Error('away'));
    assert.equal((await post(`/cluster/${secrets[0]}/node`, kernelChange)).status, 200);
    assert.equal(logger.lines.at(-1)?.message, 'Review could not be queued');
  });

  test('does not wait for a queue that takes longer than the API server has patience', async () => {
    const { bus, logger, post } = door();
    bus.hangNext();
    assert.equal((await post(`/cluster/${secrets[0]}/node`, kernelChange)).status, 200);
    assert.equal(
      logger.lines.some(({ level, message }) => level === 'warn' && message.startsWith('The queue is slow')),
      true,
    );
  });

  test('drops a dry run', async () => {
    const { bus, post } = door();
    await post(`/cluster/${secrets[0]}/node`, kernelChange.replace('"dryRun": false', '"dryRun": true'));
    assert.deepEqual(bus.published, []);
  });

  test('never logs a secret or a body', async () => {
    const { logger, post } = door();
    await post(`/cluster/${secrets[0]}/node`, '{"password":"hunter2"}');
    await post(`/cluster/${secrets[0]}/events`, '{"password":"hunter2"}');
    await post('/cluster/guess-of-a-secret/node', kernelChange);
    for (const word of [...secrets, 'guess-of-a-secret', 'hunter2']) assert.equal(logger.text().includes(word), false);
  });

  describe('at its door for CloudEvents', () => {
    const path = `/cluster/${secrets[0]}/events`;
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/t',
      type: 'io.k8s.sigs.kmm.resolve',
      data: { cause: 'manual', scope: { node: 'n' } },
    };
    const structured = { 'content-type': 'application/cloudevents+json' };

    test('queues at once what it is told', async () => {
      const { bus, post } = door();
      assert.equal((await post(path, JSON.stringify(event), structured)).status, 202);
      assert.deepEqual(bus.published, [{ to: 're-resolve', trigger: { kind: 'resolve', ...event.data } }]);
    });
    test('takes a recorded event of Knative', async () => {
      const { bus, post } = door();
      const [{ headers, body }] = JSON.parse(sample('knative-apiserversource-reference'));
      assert.equal((await post(path, JSON.stringify(body), headers)).status, 202);
      assert.deepEqual(bus.published, [
        { to: 'node-changed', trigger: { kind: 'node', name: 'k1', change: 'joined' } },
      ]);
    });
    test('asks to be told again when the queue refuses', async () => {
      const { bus, post } = door();
      bus.failNext(new Error('away'));
      assert.equal((await post(path, JSON.stringify(event), structured)).status, 503);
    });
    test('says what it does not understand, and queues the rest of the batch', async () => {
      const { bus, post } = door();
      const batch = { 'content-type': 'application/cloudevents-batch+json' };
      assert.equal((await post(path, JSON.stringify([event, { ...event, id: '' }]), batch)).status, 400);
      assert.equal(bus.published.length, 1);
    });
    test('takes no review', async () => {
      const { bus, post } = door();
      assert.equal((await post(path, kernelChange)).status, 400);
      assert.deepEqual(bus.published, []);
    });
  });
});
