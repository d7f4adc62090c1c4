import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createMigrationApi } from '../../../infra/cli/migrate/migration-api.ts';
import { startApiServer } from '../../../infra/local/cluster/http/api-server.ts';
import { kubeconfigFor } from '../../../infra/local/cluster/kubeconfig.ts';
import { createRequestCounters } from '../../../infra/local/cluster/request-counters.ts';
import { StoredObject, toJson } from '../../../infra/local/cluster/store/object.ts';
import { type ClusterStore, createStore } from '../../../infra/local/cluster/store/store.ts';
import { isKind } from '../../../shared/kubernetes/resources.ts';
import { readFixture } from '../../unit/cli-migrate/kmm-cluster.ts';
import { spawnKmm } from '../cli/spawn-kmm.ts';

/** What KMM left, as far as the embedded cluster knows the kinds; the others it has not, as a cluster without their CRDs. */
function seed(store: ClusterStore, name: 'kmm-1' | 'kmm-2'): void {
  for (const { kind, ...object } of readFixture(name)) {
    if (!isKind(kind)) continue;
    const uid = object.metadata.uid ?? `uid-${kind}-${object.metadata.name}`.toLowerCase();
    const metadata = { generation: 1, ...object.metadata, uid };
    store.seed(kind, StoredObject.parse(toJson({ apiVersion: '', ...object, kind, metadata })));
  }
}

/** Ends pods that may go, as the kubelets of the nodes would. */
function endPods(store: ClusterStore): void {
  store.subscribe(({ object }) => {
    const { namespace = '', name, deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
    if (object.kind !== 'Pod' || deletionTimestamp === undefined || deletionGracePeriodSeconds === 0) return;
    queueMicrotask(
      () =>
        store.get('Pod', { namespace, name }) && store.delete('Pod', { namespace, name }, { gracePeriodSeconds: 0 }),
    );
  });
}

for (const name of ['kmm-1', 'kmm-2'] as const) {
  suite(`kmm migrate on an API server with what ${name} left`, () => {
    let folder = '';
    // Without the embedded nodes: nothing runs what the DaemonSets name, and nobody replaces a pod.
    const store = createStore({ absentOwners: false });
    let server: Awaited<ReturnType<typeof startApiServer>>;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kmm-migrate-'));
      seed(store, name);
      endPods(store);
      server = await startApiServer({ store, counters: createRequestCounters(), port: 0, token: 'token' });
      const { port } = server.address() as AddressInfo;
      await writeFile(join(folder, 'kubeconfig'), kubeconfigFor(`http://127.0.0.1:${port}`, 'token'));
    });
    after(async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    });

    const migrate = async (...argv: string[]) => {
      const { code, stdout, stderr } = await spawnKmm(
        ['migrate', '--kubeconfig', 'kubeconfig', '-o', 'json', ...argv],
        folder,
      );
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };

    test('a dry run writes nothing', async () => {
      const version = store.version();
      const { steps } = await migrate('--dry-run');
      assert.ok(steps.length > 3);
      assert.equal(store.version(), version);
    });

    test('a run does what the dry run said, and a second one finds nothing to do', async () => {
      const { steps: planned } = await migrate('--dry-run');
      const { outcome, steps } = await migrate();
      const names = (list: { kind: string; name: string; change: object }[]) =>
        list.map(({ kind, name: of, change }) => JSON.stringify([kind, of, change])).sort();
      assert.equal(outcome, 'done');
      assert.deepEqual(names(steps), names(planned));
      assert.deepEqual((await migrate()).steps, []);
    });

    test('what may be running a module still does', () => {
      const pods = store.objects('Pod').map(({ metadata }) => [metadata.name, metadata.deletionTimestamp]);
      assert.deepEqual(pods, name === 'kmm-1' ? [['acme-2f5b9c01a4d3e687-a', undefined]] : [['web', undefined]]);
    });
  });
}

test('a migration pages through lists, and sends what deletes one object only', async () => {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push(`${request.method} ${request.url} ${body}`);
    const page = request.url?.includes('continue=next')
      ? { items: [2] }
      : { metadata: { continue: 'next' }, items: [1] };
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.method === 'GET' ? 200 : 409;
    response.end(JSON.stringify(request.method === 'GET' ? page : { reason: 'Conflict' }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const api = createMigrationApi({ server: `http://127.0.0.1:${port}` });
    assert.deepEqual(await api.list('NodeModulesConfig', 'a,!b'), [1, 2]);
    const loader = { kind: 'DaemonSet', namespace: 'gpu', name: 'acme' } as const;
    assert.equal(await api.delete(loader, { uid: 'u', orphan: true }), 'conflict');
    assert.deepEqual(requests, [
      'GET /apis/kmm.sigs.x-k8s.io/v1beta1/nodemodulesconfigs?limit=500&labelSelector=a%2C%21b ',
      'GET /apis/kmm.sigs.x-k8s.io/v1beta1/nodemodulesconfigs?limit=500&labelSelector=a%2C%21b&continue=next ',
      'DELETE /apis/apps/v1/namespaces/gpu/daemonsets/acme {"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Orphan","preconditions":{"uid":"u"}}',
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
