import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import * as z from 'zod';
import { createLocalCluster, type LocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';

interface Line {
  type: string;
  object: { kind?: string; code?: number; metadata: { name?: string; resourceVersion?: string } };
}

const Named = z.object({ name: z.string() });
const Table = z.object({
  columnDefinitions: z.array(Named),
  rows: z.array(z.object({ cells: z.array(z.union([z.string(), z.number()])) })),
});
const Answer = z.object({
  kind: z.string().optional(),
  code: z.number().optional(),
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
  versions: z.array(z.string()).optional(),
  groups: z.array(Named).optional(),
  resources: z.array(Named).optional(),
});

describe('the embedded API over HTTP', () => {
  let local: LocalCluster;
  const configMaps = '/api/v1/namespaces/default/configmaps';
  before(async () => {
    local = await createLocalCluster({ historySize: 8 });
  });
  after(() => local.close());

  const call = async (path: string, init: RequestInit & { type?: string } = {}) => {
    const headers = { 'content-type': init.type ?? 'application/json' };
    const response = await fetch(`${local.url}${path}`, { ...init, headers });
    return { status: response.status, body: Answer.parse(await response.json()) };
  };
  const post = (path: string, body: object) => call(path, { method: 'POST', body: JSON.stringify(body) });

  test("client-node's kubeconfig and watch follow it", async () => {
    const config = new KubeConfig();
    config.loadFromString(local.kubeconfig());
    const seen: string[] = [];
    const { promise: deleted, resolve, reject } = Promise.withResolvers<void>();
    const request = await new Watch(config).watch(
      '/api/v1/nodes',
      { resourceVersion: String(local.store.version()), allowWatchBookmarks: true },
      (type, node) => {
        seen.push(`${type} ${node.metadata.name}`);
        if (type === 'DELETED') resolve();
      },
      (error) => reject(error),
    );
    local.nodes.joinNode({ name: 'watched', kernelVersion: '6.1.0' });
    local.nodes.rebootNode('watched');
    local.nodes.removeNode('watched');
    await deleted;
    request.abort();
    assert.deepEqual(seen, ['ADDED watched', 'MODIFIED watched', 'DELETED watched']);
  });

  test('a watch that ends by its time says how far it came', async () => {
    const start = local.store.version();
    const url = `${local.url}${configMaps}?watch=1&allowWatchBookmarks=true&timeoutSeconds=0.05&resourceVersion=${start}`;
    const lines = parseLines(await (await fetch(url)).text());
    assert.deepEqual(
      lines.map(({ type, object }) => [type, object.metadata.resourceVersion]),
      [['BOOKMARK', String(start)]],
    );
  });

  test('a watch from too old a version is told so by an ERROR line', async () => {
    for (let i = 0; i < 20; i += 1) local.store.create('ConfigMap', 'default', { metadata: { name: `old-${i}` } });
    const lines = parseLines(await (await fetch(`${local.url}${configMaps}?watch=true&resourceVersion=1`)).text());
    assert.deepEqual(
      lines.map(({ type, object }) => [type, object.code]),
      [['ERROR', 410]],
    );
  });

  test('the kernel label stands in the very write that reports or falsifies the kernel', async () => {
    const label = 'kmm.node.kubernetes.io/kernel-version.full';
    const made = await post('/api/v1/nodes', {
      metadata: { name: 'labelled' },
      status: { nodeInfo: { kernelVersion: '6.1.0+' } },
    });
    assert.equal(made.body.metadata.labels[label], '6.1.0');
    const merge = { method: 'PATCH', type: 'application/merge-patch+json' };
    const lied = await call('/api/v1/nodes/labelled', {
      ...merge,
      body: JSON.stringify({ metadata: { labels: { [label]: 'other' } } }),
    });
    assert.equal(lied.body.metadata.labels[label], '6.1.0');
  });

  test('a DELETE with a body ignores its query', async () => {
    await post(configMaps, { metadata: { name: 'doomed' } });
    const dry = { method: 'DELETE', body: JSON.stringify({ dryRun: ['All'] }) };
    assert.equal((await call(`${configMaps}/doomed`, dry)).status, 200);
    assert.equal((await call(`${configMaps}/doomed`)).status, 200);
    await call(`${configMaps}/doomed?dryRun=All`, { method: 'DELETE', body: '{}' });
    assert.equal((await call(`${configMaps}/doomed`)).status, 404);
  });

  test('requests are counted by verb and kind until the counters are reset', async () => {
    local.requests.reset();
    await post(configMaps, { metadata: { name: 'counted' } });
    await call(`${configMaps}/counted`);
    await call('/api/v1/nodes/labelled/status', { method: 'PATCH', type: 'application/merge-patch+json', body: '{}' });
    assert.deepEqual(local.requests.all(), { 'create ConfigMap': 1, 'get ConfigMap': 1, 'patch Node/status': 1 });
    assert.deepEqual([local.requests.writes(), local.requests.writes('Node'), local.requests.writes('Pod')], [2, 1, 0]);
    local.requests.reset();
    assert.deepEqual(local.requests.all(), {});
  });

  test('every write is shown before it stands, and a dry run as what it is', async () => {
    const attempts: unknown[] = [];
    const stop = local.onAdmission(({ operation, kind, dryRun, object, previous }) => {
      const standing = local.store.get(kind, { namespace: 'default', name: 'reviewed' });
      attempts.push([operation, dryRun, object !== undefined, previous === standing]);
    });
    await post(`${configMaps}?dryRun=All`, { metadata: { name: 'reviewed' } });
    await post(configMaps, { metadata: { name: 'reviewed' } });
    await call(`${configMaps}/reviewed`, { method: 'DELETE' });
    stop();
    assert.deepEqual(attempts, [
      ['CREATE', true, true, true],
      ['CREATE', false, true, true],
      ['DELETE', false, false, true],
    ]);
  });

  test('clients find out what is served', async () => {
    assert.deepEqual((await call('/api')).body.versions, ['v1']);
    const { groups } = (await call('/apis')).body;
    assert.deepEqual(groups?.map(({ name }) => name).sort(), ['apps', 'batch', 'kmm.sigs.x-k8s.io']);
    const { resources } = (await call('/apis/kmm.sigs.x-k8s.io/v1beta1')).body;
    assert.deepEqual(
      resources?.map(({ name }) => name),
      ['modules', 'modules/status'],
    );
    assert.equal(await (await fetch(`${local.url}/readyz`)).text(), 'ok');
  });

  test('kubectl get is shown tables', async () => {
    local.nodes.joinNode({ name: 'shown', kernelVersion: '6.1.0+rt', architecture: 'arm64' });
    const pod = { metadata: { name: 'shown', namespace: 'default' }, spec: { nodeName: 'shown', containers: [] } };
    local.store.create('Pod', 'default', pod);
    const cells = async (path: string) => {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
      const answer = await fetch(`${local.url}${path}`, { headers: { accept } });
      const { columnDefinitions, rows } = Table.parse(await answer.json());
      return rows.map((row) =>
        Object.fromEntries(row.cells.map((cell, index) => [columnDefinitions[index]?.name, cell])),
      );
    };
    const [node] = await cells('/api/v1/nodes/shown');
    const { Age, ...rest } = node ?? {};
    assert.deepEqual(rest, { Name: 'shown', Status: 'Ready', 'Kernel-Version': '6.1.0+rt', Arch: 'arm64' });
    assert.match(String(Age), /^[0-9]s$/);
    assert.deepEqual(
      (await cells('/api/v1/pods')).map(({ Name, Node }) => [Name, Node]),
      [['shown', 'shown']],
    );
  });

  const refused: [why: string, status: number, method: string, path: string, type: string, body: string][] = [
    ['JSON that is none', 400, 'POST', configMaps, 'application/json', '{'],
    ['a body of 4 MiB', 413, 'POST', configMaps, 'application/json', `{"a":"${'x'.repeat(4 * 2 ** 20)}"}`],
    ['protobuf', 415, 'POST', configMaps, 'application/vnd.kubernetes.protobuf', 'k8s'],
    ['a JSON patch', 415, 'PATCH', `${configMaps}/counted`, 'application/json-patch+json', '[]'],
    ['an apply without a manager', 400, 'PATCH', `${configMaps}/counted`, 'application/apply-patch+yaml', '{}'],
    ['an unknown kind', 404, 'POST', '/api/v1/namespaces/default/services', 'application/json', '{}'],
    [
      'a subresource that is not there',
      404,
      'PATCH',
      `${configMaps}/counted/status`,
      'application/merge-patch+json',
      '{}',
    ],
    ['a namespaced object without a namespace', 404, 'PATCH', '/api/v1/configmaps/counted', 'application/json', '{}'],
    ['a DELETE of a collection', 405, 'DELETE', configMaps, 'application/json', ''],
  ];
  for (const [why, status, method, path, type, body] of refused) {
    test(`${why} is refused with ${status}`, async () => {
      const answer = await call(path, { method, type, ...(body ? { body } : {}) });
      assert.deepEqual([answer.status, answer.body.kind, answer.body.code], [status, 'Status', status]);
    });
  }
});

test('a cluster with a token answers only to it', async () => {
  const local = await createLocalCluster({ token: 'right' });
  const status = async (authorization?: string) =>
    (await fetch(`${local.url}/api/v1/nodes`, { headers: authorization ? { authorization } : {} })).status;
  assert.deepEqual([await status(), await status('Bearer wrong'), await status('Bearer right')], [401, 401, 200]);
  await local.close();
});

function parseLines(text: string): Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
