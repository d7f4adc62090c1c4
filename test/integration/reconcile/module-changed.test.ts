import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moduleChanged } from '../../../functions/module-changed/module-changed.ts';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../../functions/re-resolve/re-resolve.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { annotations, labels } from '../../../shared/kmm/labels.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';
import { aFleet, image, kernel, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';

const key = `${kernel}/amd64`;
const at = { namespace: 'gpu', name: 'acme' };
const changed: Trigger = { kind: 'module', ...at, deleted: false };
const sweep: Trigger = { kind: 'resolve', cause: 'sweep', scope: {} };

async function aRunningFleet(module = rawModule()) {
  const fleet = aFleet([module, aNode({ labels: worker })]);
  fleet.registry.put(image, { digest: digestA });
  await moduleChanged([changed], fleet.ports);
  const settle = async (nodes: number) => {
    for (const { metadata } of await fleet.daemonSets()) {
      const status = {
        observedGeneration: metadata.generation,
        desiredNumberScheduled: nodes,
        currentNumberScheduled: nodes,
        updatedNumberScheduled: nodes,
        numberAvailable: nodes,
      };
      await fleet.cluster.patch(
        'DaemonSet',
        { namespace: 'gpu', name: metadata.name },
        { status },
        { subresource: 'status' },
      );
    }
  };
  return { ...fleet, settle };
}

describe('a Module', () => {
  it('that is created finds the nodes that are there already', async () => {
    const fleet = await aRunningFleet();
    assert.equal((await fleet.daemonSets()).length, 1);
  });

  it('that becomes invalid keeps what runs, and says what is wrong', async () => {
    const fleet = await aRunningFleet();
    await fleet.cluster.patch('Module', at, {
      spec: { moduleLoader: { container: { modprobe: { moduleName: 'a;b' } } } },
    });
    await moduleChanged([changed], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
    const { conditions, kernels } = await fleet.status();
    assert.equal(kernels[key]?.state, 'Invalid');
    assert.match(conditions.find(({ type }) => type === 'Ready')?.message ?? '', /moduleName/);
  });

  it('whose mapping no longer matches is unloaded', async () => {
    const fleet = await aRunningFleet();
    const kernelMappings = [{ literal: 'other' }];
    await fleet.cluster.patch('Module', at, { spec: { moduleLoader: { container: { kernelMappings } } } });
    await moduleChanged([changed], fleet.ports);
    assert.deepEqual(await fleet.daemonSets(), []);
    const entry = (await fleet.status()).kernels[key];
    assert.equal(entry?.state, 'NoMapping');
    assert.equal(entry?.rollout, undefined);
  });

  it('that is paused is not written, and is when it goes on', async () => {
    const fleet = await aRunningFleet();
    const set = (paused: string | null) =>
      fleet.cluster.patch('Module', at, { metadata: { annotations: { [annotations.paused]: paused } } });
    await set('true');
    await fleet.cluster.patch('Module', at, {
      spec: { moduleLoader: { container: { modprobe: { parameters: ['a=1'] } } } },
    });
    await moduleChanged([changed], fleet.ports);
    assert.equal(fleet.cluster.writes('DaemonSet').length, 1);
    await set(null);
    await moduleChanged([changed], fleet.ports);
    assert.equal(fleet.cluster.writes('DaemonSet').length, 2);
  });

  it('that changes only how its image is built rolls nothing', async () => {
    const fleet = await aRunningFleet();
    const build = { dockerfileConfigMap: { name: 'dockerfile' } };
    await fleet.cluster.patch('Module', at, { spec: { moduleLoader: { container: { build } } } });
    await moduleChanged([changed], fleet.ports);
    assert.equal(fleet.cluster.writes('DaemonSet').length, 1);
  });

  it('with a device plugin gets one DaemonSet for it, which goes with the field', async () => {
    const plugin = rawModule({ spec: { devicePlugin: { container: { image: 'registry.example/acme/plugin:1' } } } });
    const fleet = await aRunningFleet(plugin);
    const roles = async () => (await fleet.daemonSets()).map(({ metadata }) => metadata.labels[labels.role]).sort();
    assert.deepEqual(await roles(), ['device-plugin', 'module-loader']);
    await moduleChanged([changed], fleet.ports);
    assert.equal(fleet.cluster.writes('DaemonSet').length, 2);
    await fleet.cluster.patch('Module', at, { spec: { devicePlugin: null } });
    await moduleChanged([changed], fleet.ports);
    assert.deepEqual(await roles(), ['module-loader']);
  });

  it('without a moduleLoader runs only its device plugin', async () => {
    const plugin = rawModule({
      spec: { moduleLoader: null, devicePlugin: { container: { image: 'registry.example/acme/plugin:1' } } },
    });
    const fleet = await aRunningFleet(plugin);
    assert.deepEqual(
      (await fleet.daemonSets()).map(({ metadata }) => metadata.labels[labels.role]),
      ['device-plugin'],
    );
  });

  it('that is deleted takes its ready labels from the nodes', async () => {
    const own = labels.ready('gpu', 'acme');
    const foreign = labels.ready('gpu', 'other');
    const fleet = aFleet([
      aNode({ labels: { ...worker, [own]: '' } }),
      aNode({ name: 'node-2', labels: { [foreign]: '' } }),
    ]);
    await moduleChanged([{ kind: 'module', ...at, deleted: true }], fleet.ports);
    const marked = (await fleet.cluster.list('Node')).flatMap(({ metadata }) => Object.keys(metadata.labels));
    assert.ok(!marked.includes(own));
    assert.ok(marked.includes(foreign));
  });
});

describe('a namespace that forbids our pods', () => {
  const enforce = 'pod-security.kubernetes.io/enforce';
  const conditionOf = async (fleet: Awaited<ReturnType<typeof aRunningFleet>>) =>
    (await fleet.status()).conditions.find(({ type }) => type === 'PodsAllowed');

  it('is a condition that says what to do, and that goes well when it is done', async () => {
    const fleet = await aRunningFleet();
    await moduleChanged([changed], fleet.ports);
    assert.equal(await conditionOf(fleet), undefined);
    fleet.cluster.seed({ kind: 'Namespace', metadata: { name: 'gpu', labels: { [enforce]: 'restricted' } } });
    await reResolve([sweep], fleet.ports);
    const condition = await conditionOf(fleet);
    assert.equal(condition?.status, 'False');
    assert.match(condition?.message ?? '', /enforce=privileged/);
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'changed' }], fleet.ports);
    assert.equal((await conditionOf(fleet))?.status, 'False', 'a run that does not look leaves it');
    await fleet.cluster.patch('Namespace', { name: 'gpu' }, { metadata: { labels: { [enforce]: 'privileged' } } });
    await reResolve([sweep], fleet.ports);
    assert.equal((await conditionOf(fleet))?.status, 'True');
  });

  it('that may not be read is no failure', async () => {
    const fleet = await aRunningFleet();
    fleet.cluster.failNext('get', 'Namespace', new ClusterError('FORBIDDEN', 'get Namespace: 403'));
    assert.deepEqual(await reResolve([sweep], fleet.ports), [{ kind: 'done' }]);
  });
});

describe('a review that comes before its write', () => {
  it('is read again until the Module is as the review showed it', async () => {
    const fleet = aFleet([aNode({ labels: worker })]);
    fleet.registry.put(image, { digest: digestA });
    fleet.ports.sleep = async (milliseconds) => {
      fleet.slept.push(milliseconds);
      if (fleet.slept.length === 2) fleet.cluster.seed(rawModule());
    };
    await moduleChanged([{ ...changed, generation: 1 }], fleet.ports);
    assert.deepEqual(fleet.slept, [50, 250]);
    assert.equal((await fleet.daemonSets()).length, 1);
  });

  it('whose write never lands comes to nothing', async () => {
    const fleet = aFleet([aNode({ labels: worker })]);
    await moduleChanged([{ ...changed, generation: 7 }], fleet.ports);
    assert.deepEqual(fleet.slept, [50, 250, 1000]);
    assert.deepEqual(fleet.cluster.writes(), []);
  });
});

describe('the counters', () => {
  it('tell all nodes that the selector matches, also those without an image', async () => {
    const nodes = [
      aNode({ labels: worker }),
      aNode({ name: 'n2', labels: worker, kernelVersion: '5.14.0-x' }),
      aNode({ name: 'n3' }),
    ];
    const fleet = aFleet([rawModule(), ...nodes]);
    fleet.registry.put(image, { digest: digestA });
    await moduleChanged([changed], fleet.ports);
    const { moduleLoader } = await fleet.status();
    assert.deepEqual(moduleLoader, { nodesMatchingSelectorNumber: 2, desiredNumber: 0, availableNumber: 0 });
  });
});

describe('collecting', () => {
  it('takes the DaemonSet and the entry of a kernel that no node has any more', async () => {
    const fleet = await aRunningFleet();
    await fleet.cluster.delete('Node', { name: 'node-1' });
    await fleet.settle(0);
    await reResolve([sweep], fleet.ports);
    assert.deepEqual(await fleet.daemonSets(), []);
    assert.deepEqual((await fleet.status()).kernels, {});
  });

  it('never takes a DaemonSet that has nodes, whatever the node list says', async () => {
    const fleet = await aRunningFleet();
    await fleet.cluster.delete('Node', { name: 'node-1' });
    await fleet.settle(1);
    await reResolve([sweep], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
    assert.ok(key in (await fleet.status()).kernels);
  });

  it('decides nothing when the list of nodes breaks off', async () => {
    const fleet = await aRunningFleet();
    await fleet.cluster.delete('Node', { name: 'node-1' });
    await fleet.settle(0);
    fleet.cluster.failNext('list', 'Node', new Error('connection reset'));
    await assert.rejects(reResolve([sweep], fleet.ports));
    assert.equal((await fleet.daemonSets()).length, 1);
  });

  it('keeps a node that was tainted after it had been served', async () => {
    const fleet = await aRunningFleet();
    await fleet.cluster.patch(
      'Node',
      { name: 'node-1' },
      { spec: { taints: [{ key: 'example.com/x', effect: 'NoExecute' }] } },
    );
    await fleet.settle(0);
    await reResolve([sweep], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
  });
});

describe('a sweep', () => {
  it('repairs what a lost event left behind: a node, a DaemonSet', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    await reResolve([sweep], fleet.ports);
    const [daemonSet] = await fleet.daemonSets();
    assert.ok(daemonSet !== undefined);
    await fleet.cluster.delete('DaemonSet', { namespace: 'gpu', name: daemonSet.metadata.name });
    await reResolve([sweep], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
  });

  it('asks the registry for a Ready target in its slot of the hour only', async () => {
    const fleet = await aRunningFleet();
    await fleet.settle(1);
    await reResolve([sweep], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.state, 'Ready');
    const before = fleet.registry.calls.length;
    for (let slot = 0; slot < 12; slot += 1) {
      fleet.pass(300);
      await reResolve([sweep], fleet.ports);
    }
    assert.equal(fleet.registry.calls.length, before + 1);
  });

  it('of a fleet that is in order writes nothing', async () => {
    const fleet = await aRunningFleet();
    await fleet.settle(1);
    await reResolve([sweep], fleet.ports);
    const before = fleet.cluster.writes().length;
    await reResolve([sweep], fleet.ports);
    assert.equal(fleet.cluster.writes().length, before);
  });

  it('leaves out kernels beyond the limit of a Module, those with an entry first', async () => {
    const nodes = [1, 2, 3].map((index) =>
      aNode({ name: `n${index}`, labels: worker, kernelVersion: `6.1.${index}-x` }),
    );
    const fleet = aFleet([rawModule(), ...nodes]);
    fleet.ports.settings.maxKernels = 2;
    await nodeChanged([{ kind: 'node', name: 'n3', change: 'joined' }], fleet.ports);
    await reResolve([sweep], fleet.ports);
    const { kernels } = await fleet.status();
    assert.equal(Object.keys(kernels).length, 2);
    assert.ok('6.1.3-x/amd64' in kernels);
  });
});
