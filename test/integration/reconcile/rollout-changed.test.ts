import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../../functions/re-resolve/re-resolve.ts';
import { rolloutChanged } from '../../../functions/rollout-changed/rollout-changed.ts';
import type { RolloutTrigger } from '../../../shared/events/trigger.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import type { Pod } from '../../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';
import { aFleet, image, kernel, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { aPod } from '../../builders/pod.ts';

const key = `${kernel}/amd64`;
const ready = labels.ready('gpu', 'acme');
const pod = (node: string): RolloutTrigger => ({ kind: 'rollout', namespace: 'gpu', module: 'acme', node });
const daemonSetEvent: RolloutTrigger = { kind: 'rollout', namespace: 'gpu', module: 'acme' };

/** Three nodes whose loader DaemonSet has been applied; `status` plays its controller. */
async function aRollout(count = 3, modules = [rawModule()]) {
  const nodes = Array.from({ length: count }, (_, index) => aNode({ name: `node-${index + 1}`, labels: worker }));
  const fleet = aFleet([...modules, ...nodes]);
  fleet.registry.put(image, { digest: digestA });
  await nodeChanged(
    nodes.map(({ metadata }) => ({ kind: 'node', name: metadata.name, change: 'joined' })),
    fleet.ports,
  );
  const setStatus = async (counts: { updated: number; available: number; current?: number; desired?: number }) => {
    for (const { metadata } of await fleet.daemonSets()) {
      const { updated, available, current = count, desired = count } = counts;
      const status = {
        observedGeneration: metadata.generation,
        desiredNumberScheduled: desired,
        currentNumberScheduled: current,
        updatedNumberScheduled: updated,
        numberAvailable: available,
        numberUnavailable: desired - available,
      };
      const at = { namespace: 'gpu', name: metadata.name };
      await fleet.cluster.patch('DaemonSet', at, { status }, { subresource: 'status' });
    }
  };
  const addPods = async (overrides: (index: number) => Parameters<typeof aPod>[0] = () => ({})) => {
    for (const { metadata } of await fleet.daemonSets()) {
      nodes.forEach((node, index) => {
        const name = `${metadata.name}-${index}`;
        fleet.cluster.seed(
          aPod({ name, namespace: 'gpu', nodeName: node.metadata.name, labels: metadata.labels, ...overrides(index) }),
        );
      });
    }
  };
  const labelled = async () =>
    (await fleet.cluster.list('Node'))
      .filter(({ metadata }) => ready in metadata.labels)
      .map(({ metadata }) => metadata.name);
  return { ...fleet, setStatus, addPods, labelled };
}

describe('loader pods become ready', () => {
  it('and their nodes get the ready label: one patch per node, for all Modules', async () => {
    const second = rawModule({ metadata: { name: 'other' } });
    const fleet = await aRollout(3, [rawModule(), second]);
    await fleet.setStatus({ updated: 3, available: 3 });
    await fleet.addPods();
    await rolloutChanged(
      [pod('node-1'), pod('node-2'), pod('node-3'), { ...pod('node-1'), module: 'other' }],
      fleet.ports,
    );
    assert.deepEqual(await fleet.labelled(), ['node-1', 'node-2', 'node-3']);
    assert.equal(fleet.cluster.writes('Node').length, 3);
    assert.equal((await fleet.status()).kernels[key]?.state, 'Ready');
    const { moduleLoader } = await fleet.status();
    assert.deepEqual(moduleLoader, { nodesMatchingSelectorNumber: 3, desiredNumber: 3, availableNumber: 3 });
    const events = fleet.cluster.writes('Event').length;
    const before = fleet.cluster.writes().length;
    await rolloutChanged([pod('node-1'), pod('node-2')], fleet.ports);
    assert.equal(fleet.cluster.writes().length, before, 'a second run writes nothing');
    assert.equal(events, 6, 'ModuleLoaded per node and Module');
  });

  it('and the label goes with the container that is not ready any more', async () => {
    const fleet = await aRollout(1);
    await fleet.addPods();
    await rolloutChanged([pod('node-1')], fleet.ports);
    assert.deepEqual(await fleet.labelled(), ['node-1']);
    const [one] = await fleet.cluster.list('Pod');
    await fleet.cluster.patch(
      'Pod',
      { namespace: 'gpu', name: one?.metadata.name ?? '' },
      { status: { containerStatuses: [{ name: 'module-loader', ready: false, restartCount: 1 }] } },
      { subresource: 'status' },
    );
    await rolloutChanged([pod('node-1')], fleet.ports);
    assert.deepEqual(await fleet.labelled(), []);
  });

  it('and the sweep labels a node whose event was lost, though it bears no mark of ours', async () => {
    const fleet = await aRollout(2);
    await fleet.addPods();
    await reResolve([{ kind: 'resolve', cause: 'retry', scope: { namespace: 'gpu', module: 'acme' } }], fleet.ports);
    assert.deepEqual(await fleet.labelled(), [], 'a delayed look at a target is about no node');
    await reResolve([{ kind: 'resolve', cause: 'manual', scope: { node: 'node-2' } }], fleet.ports);
    assert.deepEqual(await fleet.labelled(), ['node-2']);
    await reResolve([{ kind: 'resolve', cause: 'sweep', scope: {} }], fleet.ports);
    assert.deepEqual(await fleet.labelled(), ['node-1', 'node-2']);
  });

  it('and a node that can not be patched stops no other: only what is about it comes again', async () => {
    const fleet = await aRollout(2);
    await fleet.addPods();
    const patch: Cluster['patch'] = async (kind, name, change, options) => {
      if (kind === 'Node' && name.name === 'node-1') throw new ClusterError('FORBIDDEN', 'not this node');
      return fleet.cluster.patch(kind, name, change, options);
    };
    const ports = { ...fleet.ports, cluster: { ...fleet.cluster, patch } };
    const outcomes = await rolloutChanged([pod('node-1'), pod('node-2'), daemonSetEvent], ports);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['failed', 'done', 'done'],
    );
    assert.deepEqual(await fleet.labelled(), ['node-2']);
  });

  it('but a node that was rebooted loses it until a container of this boot is ready', async () => {
    const fleet = await aRollout(1);
    await fleet.addPods();
    await rolloutChanged([pod('node-1')], fleet.ports);
    const rebooted = { status: { nodeInfo: { bootID: 'boot-2' } } };
    await fleet.cluster.patch('Node', { name: 'node-1' }, rebooted, { subresource: 'status' });
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'changed' }], fleet.ports);
    assert.deepEqual(await fleet.labelled(), []);
  });
});

describe('an update', () => {
  const marks = (generation: string) => ({ 'pod-template-generation': generation });
  const update = async () => {
    const fleet = await aRollout(3);
    await fleet.setStatus({ updated: 3, available: 3 });
    await rolloutChanged([daemonSetEvent], fleet.ports);
    fleet.registry.put(image, { digest: digestB });
    await reResolve([{ kind: 'resolve', cause: 'manual', scope: {} }], fleet.ports);
    for (const { metadata } of await fleet.daemonSets()) {
      const annotations = { 'deprecated.daemonset.template.generation': '2' };
      await fleet.cluster.patch('DaemonSet', { namespace: 'gpu', name: metadata.name }, { metadata: { annotations } });
    }
    return fleet;
  };
  const maxUnavailable = async (fleet: Awaited<ReturnType<typeof update>>) =>
    (await fleet.daemonSets())[0]?.spec.updateStrategy?.rollingUpdate?.maxUnavailable;
  const withMarks = (labelsOfPod: Pod['metadata']['labels'], generation: string) => ({
    ...labelsOfPod,
    ...marks(generation),
  });

  it('starts with one node, and widens when the first updated pod is available', async () => {
    const fleet = await update();
    assert.equal(await maxUnavailable(fleet), 1);
    await fleet.setStatus({ updated: 1, available: 3 });
    const own = (await fleet.daemonSets())[0]?.metadata.labels ?? {};
    await fleet.addPods((index) => ({ labels: withMarks(own, index === 0 ? '2' : '1') }));
    await rolloutChanged([daemonSetEvent], fleet.ports);
    assert.equal(await maxUnavailable(fleet), '10%');
    assert.equal((await fleet.status()).kernels[key]?.state, 'RollingOut');
  });

  it('of a bad image stops after one node, and says why', async () => {
    const fleet = await update();
    await fleet.setStatus({ updated: 1, available: 2 });
    const own = (await fleet.daemonSets())[0]?.metadata.labels ?? {};
    const words = 'modprobe: ERROR: could not insert acme: Key was rejected by service';
    const crashing = [
      {
        name: 'module-loader',
        ready: false,
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, message: words } },
      },
    ];
    await fleet.addPods((index) =>
      index === 0
        ? { labels: withMarks(own, '2'), ready: false, containerStatuses: crashing }
        : { labels: withMarks(own, '1') },
    );
    await rolloutChanged([daemonSetEvent], fleet.ports);
    assert.equal(await maxUnavailable(fleet), 1);
    const entry = (await fleet.status()).kernels[key];
    assert.equal(entry?.state, 'RolloutFailed');
    assert.match(entry?.message ?? '', /CrashLoopBackOff: modprobe: ERROR.*Key was rejected/);
    await nodeChanged([{ kind: 'node', name: 'node-2', change: 'changed' }], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.state, 'RolloutFailed', 'a run that sees no pods keeps it');
  });

  it('is not held up by a dead node', async () => {
    const fleet = await update();
    const unknown = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    await fleet.cluster.patch('Node', { name: 'node-3' }, unknown, { subresource: 'status' });
    await fleet.setStatus({ updated: 0, available: 2 });
    const own = (await fleet.daemonSets())[0]?.metadata.labels ?? {};
    await fleet.addPods((index) => ({ labels: withMarks(own, '1'), ready: index !== 2 }));
    await rolloutChanged([daemonSetEvent], fleet.ports);
    assert.equal(await maxUnavailable(fleet), 2);
    await fleet.setStatus({ updated: 2, available: 2 });
    await rolloutChanged([daemonSetEvent], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.state, 'Ready');
  });

  it('is not held up by a dead node whose pod can not go, nor by many of them', async () => {
    const fleet = await aRollout(60);
    const dead = (index: number) => index >= 30;
    for (let index = 30; index < 60; index += 1) {
      const unknown = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
      await fleet.cluster.patch('Node', { name: `node-${index + 1}` }, unknown, { subresource: 'status' });
    }
    await fleet.setStatus({ updated: 0, available: 30 });
    const own = (await fleet.daemonSets())[0]?.metadata.labels ?? {};
    const going = { ready: false, deletionTimestamp: '2026-11-01T11:00:00Z' };
    await fleet.addPods((index) => ({ labels: withMarks(own, '0'), ...(dead(index) ? going : {}) }));
    const asked = fleet.cluster.calls.length;
    await rolloutChanged([daemonSetEvent], fleet.ports);
    const ofNodes = fleet.cluster.calls.slice(asked).filter(({ kind }) => kind === 'Node');
    assert.deepEqual(ofNodes, [{ verb: 'list', kind: 'Node', key: '' }]);
    assert.equal(await maxUnavailable(fleet), 31);
  });

  it('looks again by itself: after minReadySeconds, then 30 s, then each minute, one chain however many events come', async () => {
    const fleet = await update();
    const looks = () =>
      fleet.bus.published.filter(({ to }) => to === 're-resolve').map(({ delaySeconds }) => delaySeconds);
    const before = looks().length;
    assert.equal(looks().at(-1), 11);
    await fleet.setStatus({ updated: 1, available: 2 });
    await rolloutChanged([daemonSetEvent, pod('node-1')], fleet.ports);
    await rolloutChanged([daemonSetEvent], fleet.ports);
    assert.equal(looks().length, before);
    for (const expected of [30, 60, 60]) {
      const message = fleet.bus.published.findLast(({ to }) => to === 're-resolve');
      assert.ok(message !== undefined && 'trigger' in message);
      fleet.pass(message.delaySeconds ?? 0);
      await reResolve([message.trigger], fleet.ports);
      assert.equal(looks().at(-1), expected);
    }
  });
});

describe('a target that waits for its image', () => {
  it('is not asked for again because pods of another kernel move', async () => {
    const fleet = aFleet([rawModule(), aNode({ name: 'node-1', labels: worker, kernelVersion: '5.14.0-x' })]);
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
    assert.equal(fleet.registry.calls.length, 1);
    const before = fleet.cluster.writes().length;
    await rolloutChanged([daemonSetEvent, pod('node-1')], fleet.ports);
    assert.equal(fleet.registry.calls.length, 1);
    assert.equal(fleet.cluster.writes().length, before);
  });
});

describe('a loader that could not unload', () => {
  it('leaves its last words as an Event, once however often they arrive', async () => {
    const fleet = await aRollout(1);
    const unloadFailed = { pod: 'acme-x', exitCode: 1, message: 'modprobe: FATAL: Module acme is in use.' };
    await rolloutChanged([{ ...pod('node-1'), unloadFailed }], fleet.ports);
    await rolloutChanged([{ ...pod('node-1'), unloadFailed }], fleet.ports);
    const events = await fleet.cluster.list('Event');
    assert.equal(events.length, 1);
  });
});
