import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import type { Functions } from '../../../infra/server/consumers.ts';
import { createServer, type Server, type ServerOptions } from '../../../infra/server/create-server.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { readConfiguration } from '../../../shared/runtime/configuration.ts';
import { createFakeLogger } from '../../fakes/logger.ts';
import { startWatchedApi } from './api-server.ts';
import { until } from './until.ts';

const secrets: Record<string, string> = {
  CLUSTER: 'the-secret-of-the-cluster',
  REGISTRY: 'the-secret-of-the-registry',
};
const configuration = readConfiguration({
  KMM_CONFIG: JSON.stringify({
    clusterName: 'test',
    clusterHookSecrets: ['CLUSTER'],
    sources: [
      { source: 'distribution', name: 'main', secrets: ['REGISTRY'] },
      { source: 'distribution', name: 'silent', secrets: ['MISSING'] },
    ],
  }),
});
const sample = (name: string) => readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8');
const review = sample('admissionreview-node-create');
const triggered = [
  'node-changed',
  'image-changed',
  'module-changed',
  'job-finished',
  'rollout-changed',
  're-resolve',
] as const;

type Run = (triggers: Trigger[]) => Promise<Outcome[]>;
const allDone: Run = async (triggers) => triggers.map(() => ({ kind: 'done' }));

const servers: Server[] = [];
/** A test that failed has not stopped its server. */
after(async () => void (await Promise.all(servers.map((server) => server.stop()))));

/** A server whose functions write down what they were called with. */
async function startServer(options: Partial<ServerOptions> = {}, run: Run = allDone) {
  const ran: [string, Trigger][] = [];
  const recording =
    (name: string): Run =>
    (triggers) => {
      ran.push(...triggers.map((trigger): [string, Trigger] => [name, trigger]));
      return run(triggers);
    };
  const logger = createFakeLogger();
  const server = createServer({
    configuration,
    ports: { logger, now: () => new Date() },
    readSecret: (name) => {
      const value = secrets[name];
      if (value === undefined) throw new InvalidInput(`secret ${name} is not there`);
      return value;
    },
    functions: (): Functions => Object.fromEntries(triggered.map((name) => [name, recording(name)])),
    queue: { windowMilliseconds: 5, backoffMilliseconds: 1 },
    ...options,
  });
  servers.push(server);
  const { url, port } = await server.start();
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { server, url, port, ran, logger, post };
}

describe('the server', () => {
  test('resolves everything once when it starts', async () => {
    const { server, ran } = await startServer();
    await server.queue.idle();
    assert.deepEqual(ran, [['re-resolve', { kind: 'resolve', scope: {}, cause: 'sweep' }]]);
    await server.stop();
  });

  test('brings a review to its function', async () => {
    const { server, ran, post } = await startServer();
    const response = await post(`/cluster/${secrets['CLUSTER']}/node?timeout=1s`, review);
    assert.equal(response.status, 200);
    await server.queue.idle();
    assert.deepEqual(
      ran.filter(([name]) => name === 'node-changed').map(([, trigger]) => trigger.kind === 'node' && trigger.name),
      ['a1'],
    );
    await server.stop();
  });

  test('brings a registry’s notification to its function', async () => {
    const { server, ran, post } = await startServer();
    const { body, headers } = JSON.parse(sample('notification-push-manifest'));
    const response = await post('/events/distribution/main', body, {
      'content-type': headers['content-type'],
      authorization: `Bearer ${secrets['REGISTRY']}`,
    });
    assert.equal(response.status, 202);
    await server.queue.idle();
    assert.deepEqual(
      ran
        .filter(([name]) => name === 'image-changed')
        .map(([, trigger]) => trigger.kind === 'image' && trigger.repository),
      ['t/tiny'],
    );
    await server.stop();
  });

  test('runs 200 reviews of one write in a few batches: the first, what came meanwhile, and what was not due then', async () => {
    const gate = Promise.withResolvers<void>();
    const { server, ran, post } = await startServer({ queue: { windowMilliseconds: 100 } }, async (triggers) => {
      await gate.promise;
      return allDone(triggers);
    });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        post(
          `/cluster/${secrets['CLUSTER']}/node`,
          review.replace('"uid": "9975754e', `"uid": "${10_000_000 + index}`),
        ),
      ),
    );
    gate.resolve();
    assert.ok(answers.every(({ status }) => status === 200));
    await server.queue.idle();
    assert.ok(ran.filter(([name]) => name === 'node-changed').length <= 4);
    await server.stop();
  });

  test('queues nothing of what is forged, unsigned, oversize or lost', async () => {
    const { server, ran, post, url } = await startServer();
    await server.queue.idle();
    const big = 'x'.repeat(1024 * 1024 + 1);
    const answers = [
      await post('/cluster/a-guess/node', review),
      await post('/events/distribution/main', JSON.parse(sample('notification-push-manifest')).body),
      await post(`/cluster/${secrets['CLUSTER']}/node`, big),
      await post('/events/distribution/silent', '{}', { authorization: 'Bearer x' }),
      await fetch(`${url}/events/distribution/main`),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 401, 413, 404, 404],
    );
    await server.queue.idle();
    assert.equal(ran.length, 1);
    await server.stop();
  });

  test('starts the other sources when one lacks its secret, and says so', async () => {
    const { server, logger } = await startServer();
    assert.deepEqual(
      logger.lines.filter(({ message }) => message === 'Source not started').map(({ fields }) => fields['name']),
      ['silent'],
    );
    await server.stop();
  });

  test('refuses to start when the cluster’s own secret is missing', async () => {
    await assert.rejects(
      () => startServer({ configuration: { ...configuration, clusterHookSecrets: ['MISSING'] } }),
      /MISSING/,
    );
  });

  test('sweeps by itself', async () => {
    const { server, ran } = await startServer({ sweepMilliseconds: 10 });
    await until('it has swept', () => ran.length >= 3);
    assert.ok(ran.every(([name]) => name === 're-resolve'));
    await server.stop();
  });

  test('is alive at once, ready when it has seen the cluster, and not ready any more when it stops', async () => {
    const api = await startWatchedApi();
    const { server, url, ran } = await startServer({ kubeConfig: api.kubeConfig });
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    await until('everything is resolved once', () => ran.length === 1);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    api.put('/api/v1/nodes', { metadata: { name: 'n', uid: 'u' } });
    await until('the join has reached its function', () => ran.some(([name]) => name === 'node-changed'));
    await server.stop();
    await assert.rejects(() => fetch(`${url}/readyz`));
    await api.close();
  });

  test('is not ready while the cluster is away', async () => {
    const api = await startWatchedApi();
    await api.close();
    const { server, url, ran } = await startServer({ kubeConfig: api.kubeConfig });
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    assert.deepEqual(ran, []);
    await server.stop();
  });

  test('loses nothing that it has taken when it stops', async () => {
    const slow: Run = async (triggers) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return triggers.map(() => ({ kind: 'done' }));
    };
    const { server, ran, post } = await startServer({}, slow);
    const posts = Array.from({ length: 20 }, (_, index) =>
      post(`/cluster/${secrets['CLUSTER']}/node`, review.replaceAll('"a1"', `"node-${index}"`)).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    await Promise.race(posts);
    await server.stop();
    const taken = (await Promise.all(posts)).flatMap((isTaken, index) => (isTaken ? [`node-${index}`] : []));
    const reached = ran.flatMap(([, trigger]) => (trigger.kind === 'node' ? [trigger.name] : []));
    assert.ok(taken.length > 0);
    assert.deepEqual(
      taken.filter((name) => !reached.includes(name)),
      [],
    );
  });

  test('stops although a client keeps its connection open', async () => {
    const { server, port } = await startServer();
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    const began = performance.now();
    await server.stop();
    assert.ok(performance.now() - began < 4000);
    socket.destroy();
  });
});
