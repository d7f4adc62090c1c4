import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../../functions/re-resolve/re-resolve.ts';
import { inNamespaces } from '../../../shared/adapters/kubernetes/in-namespaces.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { aFleet, image, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';

describe('a cluster seen through some namespaces', () => {
  const setUp = () => {
    const foreign = rawModule({ metadata: { namespace: 'other' } });
    const fleet = aFleet([rawModule(), foreign, aNode({ labels: worker })]);
    fleet.registry.put(image, { digest: digestA });
    fleet.ports.cluster = inNamespaces(fleet.cluster, ['gpu', 'empty']);
    return fleet;
  };

  it('lists what is namespaced there only, and nodes as ever', async () => {
    const { ports, cluster } = setUp();
    const modules = await ports.cluster.list('Module');
    assert.deepEqual(
      modules.map(({ metadata }) => metadata.namespace),
      ['gpu'],
    );
    assert.equal((await ports.cluster.list('Node')).length, 1);
    const asked = cluster.calls.filter(({ kind }) => kind === 'Module').map(({ key }) => key);
    assert.deepEqual(asked.sort(), ['empty', 'gpu'], 'never asked without a namespace');
  });

  it('has nothing elsewhere, and asks nobody for it', async () => {
    const { ports, cluster } = setUp();
    assert.equal(await ports.cluster.get('Module', { namespace: 'other', name: 'acme' }), undefined);
    assert.deepEqual(await ports.cluster.list('DaemonSet', { namespace: 'other' }), []);
    assert.deepEqual(cluster.calls, []);
  });

  it('is enough for the functions, which leave other namespaces alone', async () => {
    const fleet = setUp();
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
    const made = (await fleet.daemonSets()).map(({ metadata }) => metadata.namespace);
    assert.deepEqual(made, ['gpu']);
  });

  it('leaves the ready labels of other namespaces, whose pods it does not see', async () => {
    const own = labels.ready('gpu', 'acme');
    const foreign = labels.ready('other', 'acme');
    const fleet = aFleet([rawModule(), aNode({ labels: { ...worker, [own]: '', [foreign]: '' } })]);
    fleet.ports.cluster = inNamespaces(fleet.cluster, ['gpu']);
    fleet.ports.settings.namespaces = ['gpu'];
    await reResolve([{ kind: 'resolve', cause: 'sweep', scope: {} }], fleet.ports);
    const [node] = await fleet.cluster.list('Node');
    assert.deepEqual(
      [own, foreign].filter((label) => label in (node?.metadata.labels ?? {})),
      [foreign],
    );
  });
});
