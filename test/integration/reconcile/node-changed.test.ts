import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import type { NodeTrigger } from '../../../shared/events/trigger.ts';
import { annotations } from '../../../shared/kmm/labels.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { ClusterError, RegistryError } from '../../../shared/ports/errors.ts';
import { aFleet, image, kernel, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';

const joined = (name = 'node-1', hint?: NodeTrigger['hint']): NodeTrigger => ({
  kind: 'node',
  name,
  change: 'joined',
  ...(hint === undefined ? {} : { hint }),
});
const key = `${kernel}/amd64`;

describe('a node joins', () => {
  it('with a new kernel whose image is there: one DaemonSet by digest, one status patch, at most three reads', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    assert.deepEqual(await nodeChanged([joined()], fleet.ports), [{ kind: 'done' }]);
    const [daemonSet] = await fleet.daemonSets();
    assert.match(JSON.stringify(daemonSet?.spec), new RegExp(`registry.example/acme/kmod@${digestA}`));
    assert.equal(daemonSet?.metadata.annotations[annotations.image], image);
    const reads = fleet.cluster.calls.filter(({ verb }) => verb === 'get' || verb === 'list').slice(0, -1);
    assert.deepEqual(
      reads.map(({ verb, kind }) => `${verb} ${kind}`),
      ['list Module', 'get Node', 'list DaemonSet'],
    );
    assert.deepEqual(
      fleet.cluster.writes().map(({ verb, kind }) => `${verb} ${kind}`),
      ['apply DaemonSet', 'patch Module'],
    );
    assert.equal(fleet.registry.calls.length, 1);
    const { kernels } = await fleet.status();
    assert.equal(kernels[key]?.state, 'RollingOut');
    assert.equal(kernels[key]?.digest, digestA);
  });

  it('and a second run writes nothing and asks no registry', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    await nodeChanged([joined()], fleet.ports);
    const before = fleet.cluster.writes().length;
    await nodeChanged([joined()], fleet.ports);
    assert.equal(fleet.cluster.writes().length, before);
    assert.equal(fleet.registry.calls.length, 1);
  });

  it('whose image is missing and has no build: ImageMissing, and no DaemonSet', async () => {
    const fleet = aFleet();
    await nodeChanged([joined()], fleet.ports);
    assert.deepEqual(await fleet.daemonSets(), []);
    const { kernels, conditions } = await fleet.status();
    assert.equal(kernels[key]?.state, 'ImageMissing');
    assert.equal(conditions.find(({ type }) => type === 'Ready')?.status, 'False');
  });

  it('while the registry is away: a state and one delayed retry, not a failure and not a missing image', async () => {
    const fleet = aFleet();
    fleet.registry.breakDown(image, new RegistryError('UNAVAILABLE', 'HEAD manifest: 503', { detail: '503' }));
    assert.deepEqual(await nodeChanged([joined()], fleet.ports), [{ kind: 'done' }]);
    const { kernels } = await fleet.status();
    assert.equal(kernels[key]?.state, 'RegistryUnreachable');
    assert.equal(kernels[key]?.reason, 'Unavailable');
    const [message] = fleet.bus.published;
    assert.equal(message?.to, 're-resolve');
    assert.equal(message?.delaySeconds, 60);
    await nodeChanged([joined()], fleet.ports);
    assert.equal(fleet.bus.published.length, 1);
  });

  it('that no Module selects: nothing is written', async () => {
    const fleet = aFleet([rawModule(), aNode()]);
    await nodeChanged([joined()], fleet.ports);
    assert.deepEqual(fleet.cluster.writes(), []);
    assert.equal(fleet.registry.calls.length, 0);
  });

  it('that does not exist (a forged or never-landed review): nothing is created for its kernel', async () => {
    const fleet = aFleet();
    const hint = { kernelVersion: '9.9.9-evil', bootID: 'b', architecture: 'amd64' };
    assert.deepEqual(await nodeChanged([joined('ghost', hint)], fleet.ports), [{ kind: 'done' }]);
    assert.deepEqual(fleet.cluster.writes(), []);
    assert.deepEqual(fleet.slept, [50, 250, 1000]);
  });

  it('whose hint differs from what the API has: what the API has decides', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    await nodeChanged(
      [joined('node-1', { kernelVersion: '9.9.9-evil', bootID: 'b', architecture: 'amd64' })],
      fleet.ports,
    );
    assert.deepEqual(Object.keys((await fleet.status()).kernels), [key]);
  });

  it('with a kernel name that no label path can hold: that node alone is left out', async () => {
    const fleet = aFleet([
      rawModule(),
      aNode({ labels: worker }),
      aNode({ name: 'node-2', labels: worker, kernelVersion: 'a kernel/../x' }),
    ]);
    fleet.registry.put(image, { digest: digestA });
    await nodeChanged([joined(), joined('node-2')], fleet.ports);
    assert.deepEqual(Object.keys((await fleet.status()).kernels), [key]);
  });

  it('with a start-up taint is wanted, with a foreign one it is not', async () => {
    const taint = (of: string) => [{ key: of, effect: 'NoSchedule' }];
    const starting = aFleet([rawModule(), aNode({ labels: worker, taints: taint('node.kubernetes.io/not-ready') })]);
    await nodeChanged([joined()], starting.ports);
    assert.deepEqual(Object.keys((await starting.status()).kernels), [key]);
    const foreign = aFleet([rawModule(), aNode({ labels: worker, taints: taint('example.com/dedicated') })]);
    await nodeChanged([joined()], foreign.ports);
    assert.deepEqual(Object.keys((await foreign.status()).kernels), []);
  });
});

describe('an API server in trouble', () => {
  it('fails the item, so that it comes again, and the next run completes', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    fleet.cluster.failNext('apply', 'DaemonSet', new ClusterError('UNAVAILABLE', 'apply: 503'));
    const [outcome] = await nodeChanged([joined()], fleet.ports);
    assert.equal(outcome?.kind, 'failed');
    assert.deepEqual(await nodeChanged([joined()], fleet.ports), [{ kind: 'done' }]);
    assert.equal((await fleet.daemonSets()).length, 1);
  });

  it('is asked again after a conflict, and the other write is kept', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    fleet.cluster.failNext('patch', 'Module', new ClusterError('CONFLICT', 'the object has been modified'));
    assert.deepEqual(await nodeChanged([joined()], fleet.ports), [{ kind: 'done' }]);
    assert.equal((await fleet.status()).kernels[key]?.state, 'RollingOut');
  });

  it('that refuses one DaemonSet for good stops no other Module', async () => {
    const other = rawModule({ metadata: { name: 'other' }, mapping: { containerImage: 'registry.example/other:1' } });
    const fleet = aFleet([rawModule(), other, aNode({ labels: worker })]);
    fleet.registry.put(image, { digest: digestA });
    fleet.registry.put('registry.example/other:1', { digest: digestA });
    fleet.cluster.failNext('apply', 'DaemonSet', new ClusterError('INVALID', 'spec.template: invalid'));
    assert.deepEqual(await nodeChanged([joined()], fleet.ports), [{ kind: 'done' }]);
    const states = [await fleet.status(), await fleet.status('other')].map(({ kernels }) => kernels[key]?.state);
    assert.deepEqual(states.toSorted(), ['RolloutFailed', 'RollingOut'].toSorted());
  });
});

describe('a device plugin that the API server refuses', () => {
  it('is told in the conditions, and keeps no module from being loaded', async () => {
    const module = rawModule({ spec: { devicePlugin: { container: { image: 'registry.example/acme/plugin:1' } } } });
    const fleet = aFleet([module, aNode({ labels: worker })]);
    fleet.registry.put(image, { digest: digestA });
    const refuse: Cluster['apply'] = async (kind, manifest) => {
      if (manifest.metadata.name.includes('device-plugin')) throw new ClusterError('INVALID', 'volumes[0]: invalid');
      return fleet.cluster.apply(kind, manifest);
    };
    const ports = { ...fleet.ports, cluster: { ...fleet.cluster, apply: refuse } };
    assert.deepEqual(await nodeChanged([joined()], ports), [{ kind: 'done' }]);
    const { kernels, conditions } = await fleet.status();
    assert.equal(kernels[key]?.state, 'RollingOut');
    const degraded = conditions.find(({ type }) => type === 'Degraded');
    assert.equal(degraded?.reason, 'ApplyRefused');
    assert.match(degraded?.message ?? '', /device plugin.*volumes\[0\]: invalid/);
    assert.equal(fleet.bus.published.length, 1, 'the look at the rollout is on its way');
    await nodeChanged([joined()], fleet.ports);
    const after = (await fleet.status()).conditions.find(({ type }) => type === 'Degraded');
    assert.equal(after?.status, 'False');
  });
});

describe('a batch', () => {
  it('of 1,000 joins with 3 kernels against 10 Modules makes 30 DaemonSets, and a second run writes nothing', async () => {
    const kernels = [kernel, '6.12.9+deb13-amd64', '5.14.0-427.el9.x86_64'];
    const modules = Array.from({ length: 10 }, (_, index) => rawModule({ metadata: { name: `m${index}` } }));
    const nodes = Array.from({ length: 1000 }, (_, index) =>
      aNode({ name: `n${index}`, labels: worker, kernelVersion: kernels[index % 3] ?? kernel }),
    );
    const fleet = aFleet([...modules, ...nodes]);
    for (const version of kernels) {
      fleet.registry.put(`registry.example/acme/kmod:${version.replace('+', '_')}`, { digest: digestA });
    }
    const triggers = nodes.map(({ metadata }) => joined(metadata.name));
    await nodeChanged(triggers, fleet.ports);
    assert.equal(fleet.cluster.writes('DaemonSet').length, 30);
    assert.equal(fleet.cluster.writes().length, 40);
    await nodeChanged(triggers, fleet.ports);
    assert.equal(fleet.cluster.writes().length, 40);
  });
});

describe('nodes whose reviews came before their writes', () => {
  it('are found when they have landed, in a batch that is read as one list too', async () => {
    for (const count of [3, 60]) {
      const fleet = aFleet([rawModule()]);
      fleet.registry.put(image, { digest: digestA });
      const nodes = Array.from({ length: count }, (_, index) => aNode({ name: `n${index}`, labels: worker }));
      fleet.ports.sleep = async () => fleet.cluster.seed(...nodes.splice(0, Math.ceil(count / 2)));
      const hint = { kernelVersion: kernel, bootID: '', architecture: 'amd64' };
      const triggers = nodes.map(({ metadata }) => ({ ...joined(metadata.name), hint }));
      await nodeChanged(triggers, fleet.ports);
      assert.equal(nodes.length, 0, 'waited for all of them');
      assert.equal((await fleet.daemonSets()).length, 1);
    }
  });
});

describe('a target that fails', () => {
  it('stops no other target of its Module, and comes again', async () => {
    const second = '6.12.0-1-amd64';
    const fleet = aFleet([
      rawModule(),
      aNode({ labels: worker }),
      aNode({ name: 'node-2', labels: worker, kernelVersion: second }),
    ]);
    fleet.registry.put(image, { digest: digestA });
    fleet.registry.put(`registry.example/acme/kmod:${second}`, { digest: digestA });
    fleet.cluster.failNext('apply', 'DaemonSet', new ClusterError('UNAVAILABLE', 'apply: 503'));
    const outcomes = await nodeChanged([joined(), joined('node-2')], fleet.ports);
    assert.ok(outcomes.some(({ kind }) => kind === 'failed'));
    assert.equal(Object.keys((await fleet.status()).kernels).length, 1, 'the other one is written');
    await nodeChanged([joined(), joined('node-2')], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 2);
  });
});

describe('two kernels with one label value', () => {
  it('the first in sort order is served, the other says why not', async () => {
    const [plain, plus] = ['6.1.0-18-amd64', '6.1.0-18-amd64+'];
    const nodes = [plus, plain].map((kernelVersion, index) =>
      aNode({ name: `n${index}`, labels: worker, kernelVersion }),
    );
    const fleet = aFleet([rawModule(), ...nodes]);
    fleet.registry.put(image, { digest: digestA });
    await nodeChanged([joined('n0'), joined('n1')], fleet.ports);
    const { kernels } = await fleet.status();
    assert.equal(kernels[`${plain}/amd64`]?.state, 'RollingOut');
    assert.equal(kernels[`${plus}/amd64`]?.reason, 'KernelLabelCollision');
    assert.equal((await fleet.daemonSets()).length, 1);
  });
});
