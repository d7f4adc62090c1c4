import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type RegistrySource, registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { maxBodyBytes } from '../../../shared/runtime/door.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const sample = JSON.parse(
  readFileSync(new URL('../../fixtures/events/notification-push-manifest.json', import.meta.url), 'utf8'),
);
const senders: RegistrySource[] = [
  {
    source: 'distribution',
    name: 'main',
    secrets: ['the-secret-of-main', 'the-next-one-of-main'],
    header: 'authorization',
  },
  {
    source: 'distribution',
    name: 'plain',
    secrets: ['the-secret-of-plain'],
    header: 'x-registry-token',
    registry: 'r.example',
  },
  { source: 'manual', name: 'ci', secrets: ['the-secret-of-the-ci'], header: 'authorization' },
];

function door() {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const hook = registryHook(senders, { ignoredTaints: defaultIgnoredTaints }, { bus, logger, now: () => new Date(0) });
  const app = httpApp([hook], logger);
  const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', body, headers });
  return { bus, logger, post };
}

describe('the registry hook', () => {
  const good: [what: string, path: string, headers: Record<string, string>][] = [
    ['as a bearer', '/events/distribution/main', { authorization: 'Bearer the-secret-of-main' }],
    ['bare', '/events/distribution/main', { authorization: 'the-secret-of-main' }],
    ['as the next one in a rotation', '/events/distribution/main', { authorization: 'Bearer the-next-one-of-main' }],
    ['in the configured header', '/events/distribution/plain', { 'x-registry-token': 'the-secret-of-plain' }],
    ['in the path', '/events/distribution/main/the-secret-of-main', {}],
  ];
  for (const [what, path, headers] of good) {
    test(`takes an event with its source's secret ${what}`, async () => {
      const { bus, post } = door();
      assert.equal((await post(path, sample.body, headers)).status, 202);
      assert.deepEqual(
        bus.published.map(({ to }) => to),
        ['image-changed'],
      );
    });
  }

  const bad: [what: string, path: string, headers: Record<string, string>][] = [
    ['without a secret', '/events/distribution/main', {}],
    ['with a wrong secret', '/events/distribution/main', { authorization: 'Bearer wrong' }],
    ['with an empty bearer', '/events/distribution/main', { authorization: 'Bearer ' }],
    ['with another source’s secret', '/events/distribution/main', { authorization: 'Bearer the-secret-of-plain' }],
    [
      'with the secret in another header',
      '/events/distribution/plain',
      { authorization: 'Bearer the-secret-of-plain' },
    ],
    ['with a wrong secret in the path', '/events/distribution/main/wrong', {}],
  ];
  for (const [what, path, headers] of bad) {
    test(`answers 401 to an event ${what}, and queues nothing`, async () => {
      const { bus, post } = door();
      assert.equal((await post(path, sample.body, headers)).status, 401);
      assert.deepEqual(bus.published, []);
    });
  }

  test('does not read the JSON of a stranger', async () => {
    const { logger, post } = door();
    assert.equal((await post('/events/distribution/main', 'nonsense')).status, 401);
    assert.equal(logger.text().includes('Poison'), false);
  });

  for (const path of ['/events/distribution/other', '/events/ecr/main', '/events/__proto__/main', '/events/main']) {
    test(`knows no ${path}`, async () =>
      assert.equal((await door().post(path, 'x'.repeat(2 * maxBodyBytes))).status, 404));
  }

  test('refuses more than a mebibyte', async () => {
    const headers = { authorization: 'Bearer the-secret-of-main' };
    assert.equal((await door().post('/events/distribution/main', 'x'.repeat(maxBodyBytes + 1), headers)).status, 413);
  });

  test('absorbs a registry’s garbage, which it would send for ever', async () => {
    const { bus, logger, post } = door();
    const headers = { authorization: 'Bearer the-secret-of-main' };
    for (const body of ['nonsense', '[]', '{"events":[{"action":"push"}]}']) {
      assert.equal((await post('/events/distribution/main', body, headers)).status, 202);
    }
    assert.deepEqual(bus.published, []);
    assert.equal(logger.lines.filter(({ message }) => message === 'Poison event').length, 3);
  });

  test('tells a person what is wrong with a call', async () => {
    const { bus, post } = door();
    const headers = { authorization: 'Bearer the-secret-of-the-ci' };
    const response = await post('/events/manual/ci', '{"scope":{"modul":"m"}}', headers);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /scope/);
    assert.deepEqual(bus.published, []);
    assert.equal((await post('/events/manual/ci', '{"scope":{"module":"m","namespace":"ns"}}', headers)).status, 202);
    assert.equal(bus.published.length, 1);
  });

  test('asks to be told again when the queue refuses', async () => {
    const { bus, post } = door();
    bus.failNext(new Error('away'));
    assert.equal(
      (await post('/events/distribution/main', sample.body, { authorization: 'Bearer the-secret-of-main' })).status,
      503,
    );
  });

  test('calls the registry as the configuration does', async () => {
    const { bus, post } = door();
    await post('/events/distribution/plain', sample.body, { 'x-registry-token': 'the-secret-of-plain' });
    assert.match(JSON.stringify(bus.published), /"registry":"r.example"/);
  });

  test('never logs a secret, right or wrong', async () => {
    const { logger, post } = door();
    await post('/events/distribution/main/the-secret-of-main', sample.body);
    await post('/events/distribution/main/a-guess', sample.body, { authorization: 'Bearer another-guess' });
    for (const word of ['the-secret-of-main', 'a-guess', 'another-guess'])
      assert.equal(logger.text().includes(word), false);
  });
});
