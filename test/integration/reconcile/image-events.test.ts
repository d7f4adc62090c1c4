import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageChanged } from '../../../functions/image-changed/image-changed.ts';
import { jobFinished } from '../../../functions/job-finished/job-finished.ts';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../../functions/re-resolve/re-resolve.ts';
import type { ImageTrigger, Trigger } from '../../../shared/events/trigger.ts';
import { annotations } from '../../../shared/kmm/labels.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { aFleet, image, kernel, worker } from '../../builders/fleet.ts';
import { build, rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeBuilder } from '../../fakes/builder.ts';

const key = `${kernel}/amd64`;
const join: Trigger = { kind: 'node', name: 'node-1', change: 'joined' };
const byDigest = (digest: string) => `registry.example/acme/kmod@${digest}`;
const event = (overrides: Partial<ImageTrigger> = {}): ImageTrigger => ({
  kind: 'image',
  action: 'push',
  registry: 'registry.example',
  repository: 'acme/kmod',
  ...overrides,
});

/** A fleet that runs digest A of its only image, and what its status says. */
async function aRunningFleet(module: object = rawModule()) {
  const fleet = aFleet([module, aNode({ labels: worker })]);
  fleet.registry.put(image, { digest: digestA });
  fleet.registry.put(byDigest(digestA), { digest: digestA });
  await nodeChanged([join], fleet.ports);
  const entry = async () => (await fleet.status()).kernels[key];
  const pullable = async () => (await fleet.status()).conditions.find(({ type }) => type === 'Pullable');
  const runs = async () => (/kmod@(sha256:[0-9a-f]+)/.exec(JSON.stringify(await fleet.daemonSets())) ?? [])[1];
  assert.equal(await runs(), digestA);
  return { ...fleet, entry, pullable, runs };
}

describe('an event of the image that a fleet runs', () => {
  const events: [what: string, event: ImageTrigger, isOurs: boolean][] = [
    ['a tag that moves', event({ tag: kernel, digest: digestB }), true],
    ['a tag without a digest', event({ tag: kernel }), true],
    ['the tag in other letters, as Gitea tells it', event({ tag: kernel.toUpperCase() }), true],
    ['the digest that runs, without a tag', event({ digest: digestA }), true],
    ['the digest that runs, deleted', event({ action: 'delete', digest: digestA }), true],
    ['the tag, deleted', event({ action: 'delete', tag: kernel }), true],
    ['another digest without a tag', event({ digest: digestB }), false],
    ['another tag', event({ tag: 'other', digest: digestB }), false],
    ['the tag of another repository', event({ repository: 'acme/other', tag: kernel }), false],
    ['the tag at another host', event({ registry: 'mirror.example', tag: kernel }), false],
    ['another digest, deleted', event({ action: 'delete', digest: digestB }), false],
  ];
  for (const [what, trigger, isOurs] of events) {
    it(`${what}: ${isOurs ? 'one request to the registry' : 'no request to any registry, and one list of Modules'}`, async () => {
      const { ports, cluster, registry } = await aRunningFleet();
      const [calls, asked] = [cluster.calls.length, registry.calls.length];
      await imageChanged([trigger], ports);
      assert.equal(registry.calls.length - asked, isOurs ? 1 : 0);
      const lists = cluster.calls.slice(calls).filter(({ verb, kind }) => verb === 'list' && kind === 'Module');
      assert.equal(lists.length, 1);
      assert.ok(isOurs || cluster.calls.length === calls + 1, 'nothing but the list');
    });
  }

  it('at a mirror that is an alias of its host is an event of the image', async () => {
    const { ports, registry, runs } = await aRunningFleet();
    ports.settings.hostAliases = { 'mirror.example:5000': 'registry.example' };
    registry.put(image, { digest: digestB });
    await imageChanged([event({ registry: 'mirror.example:5000', tag: kernel })], ports);
    assert.equal(await runs(), digestB);
  });

  it('of many that are nobody’s costs one list of Modules for all', async () => {
    const { ports, cluster } = await aRunningFleet();
    const before = cluster.calls.length;
    await imageChanged(
      Array.from({ length: 200 }, (_, index) => event({ repository: `acme/other-${index}`, tag: kernel })),
      ports,
    );
    assert.deepEqual(
      cluster.calls.slice(before).map(({ verb, kind }) => `${verb} ${kind}`),
      ['list Module'],
    );
  });
});

describe('a deleted image', () => {
  it('whose tag alone is gone is missing, and new nodes can still pull what runs', async () => {
    const { ports, registry, entry, pullable, runs } = await aRunningFleet();
    registry.remove(image);
    await imageChanged([event({ action: 'delete', tag: kernel })], ports);
    assert.equal((await entry())?.state, 'ImageMissing');
    assert.equal(await pullable(), undefined);
    assert.equal(await runs(), digestA);
  });

  /** Tag and digest are gone. */
  async function aGoneDigest(module?: object) {
    const fleet = await aRunningFleet(module);
    fleet.registry.remove(image);
    fleet.registry.remove(byDigest(digestA));
    await imageChanged([event({ action: 'delete', digest: digestA })], fleet.ports);
    return fleet;
  }

  it('whose digest is gone is a condition, and its DaemonSet stays as it is', async () => {
    const { cluster, entry, pullable, runs } = await aGoneDigest();
    assert.equal((await entry())?.digestGone, true);
    const { status, reason, message } = (await pullable()) ?? {};
    assert.deepEqual([status, reason], ['False', 'DigestGone']);
    assert.match(message ?? '', new RegExp(`${key}.*${digestA} is gone .*new nodes can't pull it`));
    assert.equal(await runs(), digestA);
    assert.equal(cluster.writes('DaemonSet').length, 1);
  });

  it('is told once: the same event again writes nothing', async () => {
    const { ports, cluster } = await aGoneDigest();
    const before = cluster.writes().length;
    await imageChanged([event({ action: 'delete', digest: digestA })], ports);
    assert.equal(cluster.writes().length, before);
  });

  it('is not forgotten while the registry gives no answer', async () => {
    const { ports, registry, pullable } = await aGoneDigest();
    registry.breakDown(image, new RegistryError('UNAVAILABLE', '503'));
    await imageChanged([event({ tag: kernel })], ports);
    assert.equal((await pullable())?.status, 'False');
  });

  it('that is pushed again as it was ends the condition, and no pod is touched', async () => {
    const { ports, registry, cluster, entry, pullable } = await aGoneDigest();
    registry.put(image, { digest: digestA });
    await imageChanged([event({ tag: kernel, digest: digestA })], ports);
    assert.equal((await pullable())?.status, 'True');
    assert.equal((await entry())?.digestGone, undefined);
    assert.equal(cluster.writes('DaemonSet').length, 1);
  });

  it('that is pushed with other content moves the DaemonSet and ends the condition', async () => {
    const { ports, registry, pullable, runs } = await aGoneDigest();
    registry.put(image, { digest: digestB });
    await imageChanged([event({ tag: kernel, digest: digestB })], ports);
    assert.equal(await runs(), digestB);
    assert.equal((await pullable())?.status, 'True');
  });

  it('under a pinned DaemonSet is seen though its tag has moved on', async () => {
    const pinned = rawModule({ metadata: { annotations: { [annotations.followTag]: 'false' } } });
    const { ports, registry, entry, pullable, runs } = await aRunningFleet(pinned);
    registry.put(image, { digest: digestB });
    await imageChanged([event({ tag: kernel, digest: digestB })], ports);
    assert.equal(await pullable(), undefined);
    registry.remove(byDigest(digestA));
    await imageChanged([event({ action: 'delete', digest: digestA })], ports);
    assert.equal((await pullable())?.reason, 'DigestGone');
    assert.equal((await entry())?.newDigest, digestB);
    assert.equal(await runs(), digestA);
    await nodeChanged([join], ports);
    assert.equal((await pullable())?.reason, 'DigestGone', 'a run that asks no registry leaves it');
  });

  it('that nobody told of is found by the sweep', async () => {
    const { ports, registry, pullable, pass } = await aRunningFleet();
    registry.remove(image);
    registry.remove(byDigest(digestA));
    for (let minutes = 0; minutes < 60; minutes += 5) {
      pass(300);
      await reResolve([{ kind: 'resolve', scope: {}, cause: 'sweep' }], ports);
    }
    assert.equal((await pullable())?.reason, 'DigestGone');
  });

  it('with a build is built anew, once, while the DaemonSet stays on its digest', async () => {
    const fleet = aFleet([rawModule({ mapping: { build } }), aNode({ labels: worker })]);
    const builder = createFakeBuilder();
    fleet.ports.builder = builder;
    await nodeChanged([join], fleet.ports);
    fleet.registry.put(image, { digest: digestA });
    builder.finish('succeeded', fleet.ports.now().toISOString());
    await jobFinished([{ kind: 'job', namespace: 'gpu', module: 'acme', name: 'j' }], fleet.ports);
    const written = fleet.cluster.writes('DaemonSet').length;
    fleet.pass(3600);
    fleet.registry.remove(image);
    const gone = event({ action: 'delete', digest: digestA });
    await Promise.all([imageChanged([gone], fleet.ports), imageChanged([gone], fleet.ports)]);
    const status = await fleet.status();
    assert.equal(status.kernels[key]?.state, 'Building');
    assert.equal(status.conditions.find(({ type }) => type === 'Pullable')?.status, 'False');
    assert.equal(builder.started.length, 2, 'the first build and this one');
    assert.equal(fleet.cluster.writes('DaemonSet').length, written);
    fleet.registry.put(image, { digest: digestB });
    builder.finish('succeeded', fleet.ports.now().toISOString());
    await jobFinished([{ kind: 'job', namespace: 'gpu', module: 'acme', name: 'j' }], fleet.ports);
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(`kmod@${digestB}`));
  });
});
