import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLocalCluster, type LocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import { waitUntil } from '../../../infra/local/cluster/wait-until.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import type { DaemonSet } from '../../../shared/kubernetes/objects.ts';

const size = 1000;
let local: LocalCluster;
before(async () => {
  local = await createLocalCluster();
});
after(() => local.close());

test('a thousand nodes join, and a DaemonSet rolls out and updates on half of them, in bounded memory', async () => {
  const cluster = createKubernetesCluster({ server: local.url });
  const heapBefore = process.memoryUsage().heapUsed;
  for (let i = 0; i < size; i += 1) local.nodes.joinNode({ name: `node-${i}`, kernelVersion: `6.1.0-${i % 2}` });
  await cluster.apply('DaemonSet', daemonSet('registry.example/mod:1'));
  await waitUntil(local.store, 'first rollout', () => rolledOut('registry.example/mod:1'), 30_000);
  const first = await cluster.get('DaemonSet', key);
  assert.deepEqual(counters(first), [500, 500, 500, 0]);

  await cluster.apply('DaemonSet', daemonSet('registry.example/mod:2'));
  await waitUntil(local.store, 'update', () => rolledOut('registry.example/mod:2'), 30_000);

  const pods = await cluster.list('Pod', { namespace: 'kmm', limit: 100 });
  assert.equal(pods.length, 500);
  assert.ok(pods.every((pod) => pod.status?.containerStatuses?.[0]?.ready));
  assert.equal(local.requests.of('list', 'Pod'), 5);
  const grown = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  assert.ok(grown < 200, `the heap grew by ${Math.round(grown)} MiB`);
});

const key = { namespace: 'kmm', name: 'mod' };

function rolledOut(image: string): boolean {
  const pods = local.store.objects('Pod');
  const set = local.store.get('DaemonSet', key);
  const status = Object(set?.['status']);
  const current = status.observedGeneration === set?.metadata.generation && JSON.stringify(set).includes(image);
  return current && pods.length === 500 && status.numberAvailable === 500 && status.updatedNumberScheduled === 500;
}

function counters(set: DaemonSet | undefined): unknown[] {
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable, numberUnavailable } = set?.status ?? {};
  return [desiredNumberScheduled, updatedNumberScheduled, numberAvailable, numberUnavailable];
}

function daemonSet(image: string) {
  const selector = { [labels.daemonSet]: 'mod' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'mod', namespace: 'kmm' },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%' } },
      template: {
        metadata: { labels: selector },
        spec: { nodeSelector: { [labels.kernelVersion]: '6.1.0-1' }, containers: [{ name: 'c', image }] },
      },
    },
  };
}
