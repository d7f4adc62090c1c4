import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageChanged } from '../../../functions/image-changed/image-changed.ts';
import { jobFinished } from '../../../functions/job-finished/job-finished.ts';
import { moduleChanged } from '../../../functions/module-changed/module-changed.ts';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../../functions/re-resolve/re-resolve.ts';
import type { ResolveTrigger, Trigger } from '../../../shared/events/trigger.ts';
import { annotations } from '../../../shared/kmm/labels.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';
import type { TargetPorts } from '../../../shared/ports/target-ports.ts';
import { aFleet, image, kernel, target, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeBuilder } from '../../fakes/builder.ts';

const key = `${kernel}/amd64`;
const join: Trigger = { kind: 'node', name: 'node-1', change: 'joined' };
const job: Trigger = { kind: 'job', namespace: 'gpu', module: 'acme', name: 'j' };
const changed: Trigger = { kind: 'module', namespace: 'gpu', name: 'acme', deleted: false };
const push: Trigger = {
  kind: 'image',
  action: 'push',
  registry: 'registry.example',
  repository: 'acme/kmod',
  tag: kernel,
};
const retry: Trigger = {
  kind: 'resolve',
  cause: 'retry',
  scope: { namespace: 'gpu', module: 'acme', kernelVersion: kernel, architecture: 'amd64' },
};

const withBuild = rawModule({ mapping: { build: { dockerfileConfigMap: { name: 'dockerfile' } } } });

/** Annotations of Modules can't be written; everything else can. */
function refusing(cluster: Cluster): Cluster['patch'] {
  return async (kind, name, patch, options) => {
    if (kind === 'Module' && options?.subresource === undefined) throw new ClusterError('FORBIDDEN', 'not allowed');
    return cluster.patch(kind, name, patch, options);
  };
}

async function aBuildingFleet() {
  const fleet = aFleet([withBuild, aNode({ labels: worker })]);
  const builder = createFakeBuilder();
  fleet.ports.builder = builder;
  await nodeChanged([join], fleet.ports);
  const state = async () => (await fleet.status()).kernels[key];
  return { ...fleet, builder, state };
}

describe('a missing image with a build', () => {
  it('is built once, however often and by however many runs it is asked for', async () => {
    const { ports, builder, state } = await aBuildingFleet();
    await Promise.all([nodeChanged([join], ports), moduleChanged([changed], ports), imageChanged([push], ports)]);
    assert.deepEqual(
      builder.started.map(({ destination, attempt }) => ({ destination, attempt })),
      [{ destination: image, attempt: 1 }],
    );
    assert.equal((await state())?.state, 'Building');
  });

  it('rolls out when the Job has pushed it', async () => {
    const { ports, builder, registry, state, daemonSets } = await aBuildingFleet();
    registry.put(image, { digest: digestA });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    assert.equal((await state())?.state, 'RollingOut');
    assert.equal((await daemonSets()).length, 1);
  });

  it('fails with the words of the Job, and is tried again after 1, 5 and 25 minutes, then no more', async () => {
    const { ports, builder, bus, state, pass } = await aBuildingFleet();
    for (const [attempt, minutes] of [1, 5, 25].entries()) {
      builder.finish('failed', ports.now().toISOString(), 'acme.c:1: error: no such header');
      await jobFinished([job], ports);
      const entry = await state();
      assert.equal(entry?.state, 'BuildFailed');
      assert.match(entry?.message ?? '', /no such header/);
      assert.equal(bus.published.at(-1)?.delaySeconds, minutes * 60);
      pass(minutes * 60);
      await reResolve([retry], ports);
      assert.equal(builder.started.length, attempt + 2);
    }
    builder.finish('failed', ports.now().toISOString(), 'error');
    const before = bus.published.length;
    await jobFinished([job], ports);
    pass(3600);
    await reResolve([retry], ports);
    assert.equal(builder.started.length, 4);
    assert.equal(bus.published.length, before);
  });

  it('is tried again at once when its inputs change', async () => {
    const { ports, builder, state } = await aBuildingFleet();
    builder.finish('failed', ports.now().toISOString(), 'error');
    await jobFinished([job], ports);
    builder.inputs = 'dockerfile-2';
    await moduleChanged([{ kind: 'dockerfile', namespace: 'gpu', configMap: 'dockerfile' }], ports);
    assert.equal(builder.started.length, 2);
    assert.equal((await state())?.state, 'Building');
  });

  it('of a Dockerfile that nobody builds from starts nothing', async () => {
    const { ports, builder } = await aBuildingFleet();
    builder.inputs = 'dockerfile-2';
    await moduleChanged([{ kind: 'dockerfile', namespace: 'other', configMap: 'dockerfile' }], ports);
    await moduleChanged([{ kind: 'dockerfile', namespace: 'gpu', configMap: 'other' }], ports);
    assert.equal(builder.started.length, 1);
  });

  it('that somebody else pushes meanwhile rolls out', async () => {
    const { ports, registry, state } = await aBuildingFleet();
    registry.put(image, { digest: digestB });
    await imageChanged([push], ports);
    assert.equal((await state())?.state, 'RollingOut');
  });
});

describe('a forced rebuild', () => {
  it('builds once beside the running DaemonSet and moves it when the Job is done', async () => {
    const fleet = await aBuildingFleet();
    const { ports, builder, registry, cluster, daemonSets } = fleet;
    registry.put(image, { digest: digestA });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    const force = { metadata: { annotations: { [annotations.reResolve]: '2026-11-01T13:00:00Z force' } } };
    await cluster.patch('Module', { namespace: 'gpu', name: 'acme' }, force);
    await moduleChanged([changed], ports);
    await moduleChanged([changed], ports);
    assert.equal(builder.started.length, 2);
    assert.match(JSON.stringify((await daemonSets())[0]?.spec), new RegExp(digestA));
    registry.put(image, { digest: digestB });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    await moduleChanged([changed], ports);
    assert.match(JSON.stringify((await daemonSets())[0]?.spec), new RegExp(digestB));
    assert.equal(builder.started.length, 2, 'and it was carried out once');
  });

  it('of another target leaves this one alone', async () => {
    const { ports, builder, registry, cluster } = await aBuildingFleet();
    registry.put(image, { digest: digestA });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    const force = { metadata: { annotations: { [annotations.reResolve]: '2026-11-01T13:00:00Z force 5.0.0/amd64' } } };
    await cluster.patch('Module', { namespace: 'gpu', name: 'acme' }, force);
    await moduleChanged([changed], ports);
    assert.equal(builder.started.length, 1);
  });

  it('by the door is written to the Module, so that it outlives the run', async () => {
    const { ports, builder, registry } = await aBuildingFleet();
    registry.put(image, { digest: digestA });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    await reResolve(
      [{ kind: 'resolve', cause: 'manual', scope: { namespace: 'gpu', module: 'acme' }, force: true }],
      ports,
    );
    assert.equal(builder.started.length, 2);
  });

  it('is not repeated by a later call without a force, or one that forces another target', async () => {
    const { ports, builder, registry, cluster } = await aBuildingFleet();
    registry.put(image, { digest: digestA });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    const call = async (value: string | null) => {
      const metadata = { annotations: { [annotations.reResolve]: value } };
      await cluster.patch('Module', { namespace: 'gpu', name: 'acme' }, { metadata });
      await moduleChanged([changed], ports);
    };
    await call('2026-11-01T13:00:00Z force');
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    await call('2026-11-01T14:00:00Z');
    await call('2026-11-01T15:00:00Z force 5.0.0/amd64');
    await call(null);
    assert.equal(builder.started.length, 2);
    await call('2026-11-01T16:00:00Z force */amd64');
    assert.equal(builder.started.length, 3);
  });

  it('by the door forces what is in its scope, and no more', async () => {
    const { ports, cluster } = await aBuildingFleet();
    const forced = async (scope: ResolveTrigger['scope']) => {
      const at = { namespace: 'gpu', name: 'acme' };
      await cluster.patch('Module', at, { metadata: { annotations: { [annotations.reResolve]: null } } });
      const forcedAt = '2026-11-01T13:00:00Z';
      await reResolve([{ kind: 'resolve', cause: 'manual', scope, force: true, forcedAt }], ports);
      return (await cluster.get('Module', at))?.metadata.annotations[annotations.reResolve];
    };
    assert.equal(await forced({ kernelVersion: kernel }), `2026-11-01T13:00:00Z force ${kernel}/*`);
    assert.equal(await forced({ architecture: 'arm64' }), '2026-11-01T13:00:00Z force */arm64');
    assert.equal(await forced({ node: 'node-1' }), `2026-11-01T13:00:00Z force ${key}`);
    assert.equal(await forced({ node: 'node-9' }), undefined);
    assert.equal(await forced({ namespace: 'gpu' }), '2026-11-01T13:00:00Z force');
  });

  it('by the door that comes late does not take the place of a newer one', async () => {
    const { ports, cluster } = await aBuildingFleet();
    for (const forcedAt of ['2026-11-01T14:00:00Z', '2026-11-01T13:00:00Z']) {
      await reResolve([{ kind: 'resolve', cause: 'manual', scope: {}, force: true, forcedAt }], ports);
    }
    const module = await cluster.get('Module', { namespace: 'gpu', name: 'acme' });
    assert.equal(module?.metadata.annotations[annotations.reResolve], '2026-11-01T14:00:00Z force');
  });

  it('by the door that can not be written comes again, and takes no sweep of its batch along', async () => {
    const { ports, cluster } = await aBuildingFleet();
    const sweep: Trigger = { kind: 'resolve', cause: 'sweep', scope: {} };
    const force: Trigger = { kind: 'resolve', cause: 'manual', scope: {}, force: true };
    const cut: TargetPorts = { ...ports, cluster: { ...cluster, patch: refusing(cluster) } };
    const outcomes = await reResolve([sweep, force], cut);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['done', 'failed'],
    );
  });

  it('by the door that arrives twice is one force', async () => {
    const { ports, builder, registry, cluster } = await aBuildingFleet();
    registry.put(image, { digest: digestA });
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    const scope = { namespace: 'gpu', module: 'acme' };
    const force: Trigger = { kind: 'resolve', cause: 'manual', scope, force: true, forcedAt: '2026-11-01T13:00:00Z' };
    await reResolve([force], ports);
    builder.finish('succeeded', ports.now().toISOString());
    await jobFinished([job], ports);
    await reResolve([force], ports);
    assert.equal(builder.started.length, 2);
    const annotated = await cluster.get('Module', { namespace: 'gpu', name: 'acme' });
    assert.equal(annotated?.metadata.annotations[annotations.reResolve], '2026-11-01T13:00:00Z force');
  });
});

describe('signing', () => {
  const withSign = rawModule({
    mapping: {
      sign: {
        keySecret: { name: 'key' },
        certSecret: { name: 'cert' },
        filesToSign: ['/opt/lib/modules/${KERNEL_FULL_VERSION}/acme.ko'],
        unsignedImage: 'registry.example/acme/kmod:unsigned',
      },
    },
  });
  const findKey = async () => ({ kind: 'found', fingerprint: 'k1' }) as const;

  it('is asked for over the bus when the unsigned image is there, and the final image never stands in for it', async () => {
    const fleet = aFleet([withSign, aNode({ labels: worker })]);
    fleet.ports.signer = { findKey };
    fleet.registry.put('registry.example/acme/kmod:unsigned', { digest: digestB });
    await nodeChanged([join], fleet.ports);
    const [message] = fleet.bus.published;
    assert.equal(message?.to, 'sign-image');
    assert.deepEqual(message?.to === 'sign-image' ? message.sign.target : undefined, target);
    assert.deepEqual(await fleet.daemonSets(), []);
    assert.equal((await fleet.status()).kernels[key]?.state, 'Signing');
  });

  it('waits for the unsigned image, and its push starts it', async () => {
    const fleet = aFleet([withSign, aNode({ labels: worker })]);
    fleet.ports.signer = { findKey };
    await nodeChanged([join], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.reason, 'UnsignedImageMissing');
    fleet.registry.put('registry.example/acme/kmod:unsigned', { digest: digestB });
    await imageChanged([{ ...push, tag: 'unsigned' }], fleet.ports);
    assert.equal(fleet.bus.published[0]?.to, 'sign-image');
  });
});

describe('an inspection', () => {
  it('is asked for once per digest, and only what passed is rolled out', async () => {
    const fleet = aFleet();
    fleet.ports.settings.inspector = true;
    fleet.registry.put(image, { digest: digestA });
    await nodeChanged([join], fleet.ports);
    assert.deepEqual(await fleet.daemonSets(), []);
    assert.deepEqual(fleet.bus.published, [{ to: 'inspect-image', inspect: { target, digest: digestA } }]);
    const passed = { status: { kernels: { [key]: { inspected: { digest: digestA, result: 'ok', attempt: 1 } } } } };
    await fleet.cluster.patch('Module', { namespace: 'gpu', name: 'acme' }, passed, { subresource: 'status' });
    await jobFinished([{ kind: 'finished', target }], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
  });
});
