import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { createLocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import {
  createKubernetesCluster,
  type KubernetesClusterOptions,
} from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';

const key = { namespace: 'n', name: 'a' };
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key };

interface Seen {
  method: string | undefined;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

describe('the adapter of the Cluster port', () => {
  let server: Server | undefined;
  const slept: number[] = [];
  const seen: Seen[] = [];
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    slept.length = 0;
    seen.length = 0;
  });

  /** A cluster whose server gives these answers in turn, the last one for ever. */
  const clusterThat = async (answers: Answer[], options: Partial<KubernetesClusterOptions> = {}) => {
    const url = await listen(async (request, response) => {
      const body = await text(request);
      seen.push({ method: request.method, url: request.url ?? '', headers: request.headers, body });
      give(answers[Math.min(seen.length, answers.length) - 1] ?? 'reset', response);
    });
    const sleep = async (ms: number) => void slept.push(ms);
    return createKubernetesCluster({ server: url, sleep, random: () => 0, ...options });
  };
  const listen = async (listener: RequestListener): Promise<string> => {
    const own = createServer(listener);
    server = own;
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${portOf(own)}`;
  };

  const passing: [what: string, answer: Answer, slept: number][] = [
    ['a 429 with Retry-After', [429, {}, { 'retry-after': '2' }], 2000],
    ['a 429 without', [429, {}], 100],
    ['a 500', [500, {}], 100],
    ['a 503', [503, {}], 100],
    ['a lost connection', 'reset', 100],
    ['an answer that breaks off', 'cut', 100],
  ];
  for (const [what, answer, pause] of passing) {
    test(`${what} is tried again after ${pause} ms`, async () => {
      const cluster = await clusterThat([answer, [200, configMap]]);
      assert.equal((await cluster.get('ConfigMap', key))?.metadata.name, 'a');
      assert.deepEqual(slept, [pause]);
    });
  }

  test('what does not pass is given up after five tries, each pause twice the one before', async () => {
    const cluster = await clusterThat([[503, failure('ServiceUnavailable', 'etcd is electing')]]);
    await assert.rejects(cluster.get('ConfigMap', key), {
      code: 'UNAVAILABLE',
      status: 503,
      message: 'GET /api/v1/namespaces/n/configmaps/a: 503 etcd is electing',
    });
    assert.deepEqual(slept, [100, 200, 400, 800]);
  });

  test('a server that asks for more patience than we have is given up at once', async () => {
    const cluster = await clusterThat([[429, failure('TooManyRequests', 'later'), { 'retry-after': '3600' }]]);
    await assert.rejects(cluster.get('ConfigMap', key), { code: 'UNAVAILABLE', status: 429 });
    assert.deepEqual(slept, []);
  });

  test('no attempt starts after the deadline', async () => {
    let clock = 0;
    const sleep = async (ms: number) => {
      clock += ms;
    };
    const cluster = await clusterThat([[503, {}, { 'retry-after': '25' }]], {
      sleep,
      now: () => new Date(clock),
      deadlineMs: 60_000,
    });
    await assert.rejects(cluster.get('ConfigMap', key), { code: 'UNAVAILABLE' });
    assert.equal(seen.length, 3);
  });

  test('a server that says nothing is a time-out that names it', async () => {
    const cluster = await clusterThat(['silence'], { timeoutMs: 50, attempts: 1 });
    await assert.rejects(cluster.get('ConfigMap', key), (error: unknown) => {
      assert.ok(error instanceof ClusterError);
      assert.equal(error.code, 'UNAVAILABLE');
      assert.match(
        error.message,
        /^GET \/api\/v1\/namespaces\/n\/configmaps\/a at 127\.0\.0\.1:\d+: no answer within 50 ms$/,
      );
      return true;
    });
  });

  test('a port where nobody listens is unavailable', async () => {
    const url = await listen(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    const cluster = createKubernetesCluster({ server: url, attempts: 1 });
    await assert.rejects(cluster.list('Node'), { code: 'UNAVAILABLE', message: /ECONNREFUSED/ });
  });

  const refused: [status: number, reason: string, code: string][] = [
    [400, 'BadRequest', 'INVALID'],
    [401, 'Unauthorized', 'UNAUTHORIZED'],
    [403, 'Forbidden', 'FORBIDDEN'],
    [409, 'Conflict', 'CONFLICT'],
    [410, 'Expired', 'GONE'],
    [422, 'Invalid', 'INVALID'],
  ];
  for (const [status, reason, code] of refused) {
    test(`${status} ${reason} is ${code}, and is not tried again`, async () => {
      const cluster = await clusterThat([[status, failure(reason, 'because')]]);
      await assert.rejects(cluster.patch('ConfigMap', key, {}), {
        name: 'ClusterError',
        code,
        status,
        message: /because/,
      });
      await assert.rejects(cluster.create(configMap), { code });
      await assert.rejects(cluster.apply('ConfigMap', configMap), { code });
      await assert.rejects(cluster.delete('ConfigMap', key), { code });
      assert.equal(seen.length, 4);
    });
  }

  test('a kind or namespace that the server does not know is an error, not an absent object', async () => {
    const unknownKind = { ...failure('NotFound', 'the server could not find the requested resource'), details: {} };
    const cluster = await clusterThat([
      [404, unknownKind],
      [404, '404 page not found'],
      [404, unknownKind],
      [404, failure('NotFound', 'namespaces "n" not found', 'n')],
    ]);
    await assert.rejects(cluster.get('Module', key), { code: 'INVALID' });
    await assert.rejects(cluster.get('Module', key), { code: 'INVALID', message: /page not found/ });
    await assert.rejects(cluster.list('Module'), { code: 'INVALID' });
    await assert.rejects(cluster.create(configMap), { code: 'INVALID', message: /namespaces "n" not found/ });
  });

  test('an answer that is too large is given up', async () => {
    const cluster = await clusterThat([[200, { ...configMap, data: { a: 'x'.repeat(5000) } }]], {
      maxAnswerBytes: 4096,
    });
    await assert.rejects(cluster.get('ConfigMap', key), { code: 'INVALID', message: /larger than 4096 bytes/ });
  });

  for (const [what, body] of [
    ['no JSON', '<html>'],
    ['no object', []],
    ['another shape', { metadata: {} }],
  ] as const) {
    test(`a 200 with ${what} is an error`, async () => {
      const cluster = await clusterThat([[200, body]]);
      await assert.rejects(cluster.get('ConfigMap', key), { code: 'INVALID', message: /not what was asked for/ });
      await assert.rejects(cluster.list('ConfigMap'), { code: 'INVALID' });
    });
  }

  test('a list whose token expires starts again once, pages that were handed out do not', async () => {
    const page: Answer = [200, { metadata: { continue: 't' }, items: [configMap] }];
    const gone: Answer = [410, failure('Expired', 'too old')];
    const whole: Answer = [200, { metadata: {}, items: [configMap, configMap] }];
    const cluster = await clusterThat([page, gone, whole, page, gone]);
    assert.equal((await cluster.list('ConfigMap')).length, 2);
    const handedOut: number[] = [];
    const readAll = async () => {
      for await (const items of cluster.pages('ConfigMap')) handedOut.push(items.length);
    };
    await assert.rejects(readAll(), { code: 'GONE' });
    assert.deepEqual(handedOut, [1]);
  });

  test('every DELETE has its options in the body, since a body silences the query', async () => {
    const cluster = await clusterThat([[200, {}]]);
    await cluster.delete('DaemonSet', key, { uid: 'u', resourceVersion: '7', foreground: true });
    const [{ url, body } = { url: '', body: '{}' }] = seen;
    assert.equal(url, '/apis/apps/v1/namespaces/n/daemonsets/a');
    const options = { propagationPolicy: 'Foreground', preconditions: { uid: 'u', resourceVersion: '7' } };
    assert.deepEqual(JSON.parse(body), { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
  });

  test('the token is asked for each request, and stands in no error', async () => {
    const tokens = ['first-secret', 'second-secret'];
    const cluster = await clusterThat([[403, failure('Forbidden', 'no')]], { token: async () => tokens.shift() ?? '' });
    for (let i = 0; i < 2; i += 1) {
      await assert.rejects(cluster.get('Secret', key), (error: unknown) => !inspect(error).includes('-secret'));
    }
    assert.deepEqual(
      seen.map(({ headers }) => headers.authorization),
      ['Bearer first-secret', 'Bearer second-secret'],
    );
  });

  test('no more requests than allowed run at once, over connections that are kept', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    // Each answer waits until as many are open as may be, and a moment for one more that must not come.
    const url = await listen((_request, response) => {
      open.push(response);
      most = Math.max(most, open.length);
      if (open.length === 4) setTimeout(() => open.splice(0).forEach((each) => void give([200, configMap], each)), 2);
    });
    let connections = 0;
    server?.on('connection', () => {
      connections += 1;
    });
    const cluster = createKubernetesCluster({ server: url, maxConnections: 4 });
    await Promise.all(Array.from({ length: 100 }, () => cluster.get('ConfigMap', key)));
    assert.equal(most, 4);
    assert.ok(connections <= 4, `${connections} connections`);
  });

  test('plain http is spoken on loopback only', () => {
    assert.throws(() => createKubernetesCluster({ server: 'http://10.0.0.1:6443' }), {
      code: 'INVALID',
      message: /must be https/,
    });
  });

  test('a prefix in the server address is kept', async () => {
    const cluster = await clusterThat([[200, configMap]]);
    await cluster.get('ConfigMap', key);
    const behind = createKubernetesCluster({
      server: `http://127.0.0.1:${server ? portOf(server) : 0}/k8s/clusters/c-1/`,
    });
    await behind.get('ConfigMap', key);
    assert.equal(seen[1]?.url, '/k8s/clusters/c-1/api/v1/namespaces/n/configmaps/a');
  });
});

test('two hundred patches of one cluster at once all arrive', async () => {
  const local = await createLocalCluster();
  const cluster = createKubernetesCluster({ server: local.url });
  for (let i = 0; i < 200; i += 1) local.nodes.joinNode({ name: `n${i}`, kernelVersion: '6.1.0' });
  const patches = Array.from({ length: 200 }, (_, i) =>
    cluster.patch('Node', { name: `n${i}` }, { metadata: { labels: { seen: 'yes' } } }),
  );
  await Promise.all(patches);
  assert.equal((await cluster.list('Node', { labelSelector: 'seen=yes', limit: 60 })).length, 200);
  assert.deepEqual(local.requests.all(), { 'patch Node': 200, 'list Node': 4 });
  await local.close();
});

type Answer = 'silence' | 'reset' | 'cut' | [status: number, body: unknown, headers?: Record<string, string>];

function give(answer: Answer, response: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'reset') {
    response.destroy();
    return;
  }
  if (answer === 'cut') {
    response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy());
    return;
  }
  const [status, body, headers] = answer;
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

function failure(reason: string, message: string, name?: string): object {
  return { kind: 'Status', status: 'Failure', reason, message, details: name === undefined ? {} : { name } };
}

function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
