import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inNamespaces } from '../../../shared/adapters/kubernetes/in-namespaces.ts';
import { rawModule } from '../../builders/module.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';

const fake = () =>
  createFakeCluster([
    ...['gpu', 'net', 'secret'].map((namespace) => rawModule({ metadata: { namespace } })),
    aNode({ name: 'a' }),
  ]);

test('a list over all namespaces asks only those that are served', async () => {
  const whole = fake();
  const modules = await inNamespaces(whole, ['gpu', 'net']).list('Module');
  assert.deepEqual(
    modules.map(({ metadata }) => metadata.namespace),
    ['gpu', 'net'],
  );
  assert.deepEqual(
    whole.calls.map(({ key }) => key),
    ['gpu', 'net'],
  );
});

test('what lies elsewhere is absent, without asking', async () => {
  const whole = fake();
  const cluster = inNamespaces(whole, ['gpu']);
  assert.equal(await cluster.get('Module', { namespace: 'secret', name: 'acme' }), undefined);
  assert.deepEqual(await cluster.list('Module', { namespace: 'secret' }), []);
  assert.deepEqual(whole.calls, []);
});

test('nodes have no namespace and are all there', async () => {
  const cluster = inNamespaces(fake(), ['gpu']);
  assert.equal((await cluster.list('Node')).length, 1);
  assert.equal((await cluster.get('Node', { name: 'a' }))?.metadata.name, 'a');
});
