import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterError } from '../../../shared/ports/errors.ts';
import { aDaemonSet } from '../../builders/daemon-set.ts';
import { aNode } from '../../builders/node.ts';
import { aPod } from '../../builders/pod.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';

const down = new ClusterError('UNAVAILABLE', 'down');

test('what is seeded is found as it was built, status included', async () => {
  const [node, pod, set] = [aNode({ uid: 'u' }), aPod(), aDaemonSet({ status: { numberReady: 3 } })];
  const cluster = createFakeCluster([node, pod, set]);
  assert.equal((await cluster.get('Node', { name: node.metadata.name }))?.metadata.uid, 'u');
  assert.deepEqual((await cluster.list('Pod'))[0]?.status, pod.status);
  assert.equal((await cluster.list('DaemonSet', { namespace: 'kmm' }))[0]?.status?.numberReady, 3);
});

test('a seeded object may be owned by what is not there', async () => {
  const owner = { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', name: 'm', uid: 'gone' };
  assert.equal((await createFakeCluster([aPod({ owner })]).list('Pod')).length, 1);
});

test('calls are recorded in order, those that write apart', async () => {
  const cluster = createFakeCluster([aNode({ name: 'n' })]);
  await cluster.list('Node');
  await cluster.patch('Node', { name: 'n' }, { metadata: { labels: { a: 'b' } } });
  await cluster.patch(
    'Module',
    { namespace: 'x', name: 'm' },
    { status: {} },
    { subresource: 'status', resourceVersion: '7' },
  );
  assert.deepEqual(
    cluster.calls.map(({ verb, kind, key }) => `${verb} ${kind} ${key}`),
    ['list Node ', 'patch Node n', 'patch Module x/m'],
  );
  assert.deepEqual(
    cluster.writes('Module').map(({ body, subresource }) => [body, subresource]),
    [[{ status: {}, metadata: { resourceVersion: '7' } }, 'status']],
  );
});

test('the planned call fails, those before and after it do not', async () => {
  const cluster = createFakeCluster([aNode({ name: 'n' })]);
  cluster.failNext('get', 'Node', down, 2);
  const get = () => cluster.get('Node', { name: 'n' });
  await get();
  await assert.rejects(get(), down);
  assert.equal((await get())?.metadata.name, 'n');
  cluster.failNext('list', 'Node', down);
  await assert.rejects(cluster.list('Node'), down);
  assert.equal((await cluster.list('Node')).length, 1);
});

test('what a caller does to an answer does not reach the cluster', async () => {
  const cluster = createFakeCluster([aNode({ name: 'n' })]);
  const node = await cluster.get('Node', { name: 'n' });
  if (node) node.metadata.labels['mine'] = 'yes';
  assert.equal((await cluster.get('Node', { name: 'n' }))?.metadata.labels['mine'], undefined);
});

test('a kind that is not known is a mistake in the test', () => {
  assert.throws(() => createFakeCluster([{ kind: 'Service', metadata: { name: 's' } }]), /knows no kind "Service"/);
});
