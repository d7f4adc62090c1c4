import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageChanged } from '../../../functions/image-changed/image-changed.ts';
import { jobFinished } from '../../../functions/job-finished/job-finished.ts';
import { moduleChanged } from '../../../functions/module-changed/module-changed.ts';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { annotations } from '../../../shared/kmm/labels.ts';
import { ClusterError, RegistryError } from '../../../shared/ports/errors.ts';
import type { ImageFinder, ImageRequest } from '../../../shared/ports/registry.ts';
import { aFleet, image, kernel, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeBuilder } from '../../fakes/builder.ts';
import type { FakeRegistry } from '../../fakes/registry.ts';

const key = `${kernel}/amd64`;
const at = { namespace: 'gpu', name: 'acme' };
const join: Trigger = { kind: 'node', name: 'node-1', change: 'joined' };
const changed: Trigger = { kind: 'module', ...at, deleted: false };
const job: Trigger = { kind: 'job', namespace: 'gpu', module: 'acme', name: 'j' };
const push: Trigger = {
  kind: 'image',
  action: 'push',
  registry: 'registry.example',
  repository: 'acme/kmod',
  tag: kernel,
};

/** As a real finder: a HEAD that shows the tag where it was answers with what is known. */
function withHead(registry: FakeRegistry): ImageFinder {
  return {
    findImage: async (request: ImageRequest) => {
      const found = await registry.findImage(request);
      const { known } = request;
      if (found.kind === 'missing' || known === undefined || known.tagDigest !== found.tagDigest) return found;
      return { kind: 'found', ...known, annotations: {} };
    },
  };
}

describe('a pinned target whose tag has moved', () => {
  const versioned = (version: string) => ({ spec: { moduleLoader: { container: { version } } } });
  const aPinnedFleet = async () => {
    const fleet = aFleet([rawModule({ container: { version: '1' } }), aNode({ labels: worker })]);
    fleet.ports.images = withHead(fleet.registry);
    fleet.registry.put(image, { digest: digestA });
    await nodeChanged([join], fleet.ports);
    fleet.registry.put(image, { digest: digestB });
    await imageChanged([push], fleet.ports);
    return fleet;
  };

  it('says so, and whoever looks next says the same', async () => {
    const fleet = await aPinnedFleet();
    const entry = (await fleet.status()).kernels[key];
    assert.equal(entry?.digest, digestA);
    assert.match(entry?.message ?? '', /NewDigestAvailable/);
    const writes = fleet.cluster.writes().length;
    await imageChanged([push], fleet.ports);
    await nodeChanged([join], fleet.ports);
    assert.equal(fleet.cluster.writes().length, writes);
  });

  it('gets the new digest with the next version, though the tag has not moved since', async () => {
    const fleet = await aPinnedFleet();
    await fleet.cluster.patch('Module', at, versioned('2'));
    await moduleChanged([changed], fleet.ports);
    const images = (await fleet.daemonSets()).map(({ spec }) => JSON.stringify(spec));
    assert.equal(images.filter((spec) => spec.includes(digestA)).length, 1, 'the version before is frozen');
    assert.equal(images.filter((spec) => spec.includes(digestB)).length, 1);
  });
});

describe('what was read before somebody else wrote', () => {
  it('is read again after a conflict, images too', async () => {
    const fleet = aFleet();
    fleet.registry.put(image, { digest: digestA });
    const findImage: ImageFinder['findImage'] = async (request) => {
      const found = await fleet.registry.findImage(request);
      fleet.registry.put(image, { digest: digestB });
      return found;
    };
    fleet.cluster.failNext('patch', 'Module', new ClusterError('CONFLICT', 'somebody else wrote'));
    await nodeChanged([join], { ...fleet.ports, images: { findImage } });
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(digestB));
    assert.equal((await fleet.status()).kernels[key]?.digest, digestB);
  });

  it('is not taken for what a Job built that ended meanwhile', async () => {
    const fleet = aFleet([
      rawModule({ mapping: { build: { dockerfileConfigMap: { name: 'dockerfile' } } } }),
      aNode({ labels: worker }),
    ]);
    fleet.registry.put(image, { digest: digestA });
    const builder = createFakeBuilder();
    fleet.ports.builder = builder;
    await nodeChanged([join], fleet.ports);
    const force = { annotations: { [annotations.reResolve]: '2026-11-01T13:00:00Z force' } };
    await fleet.cluster.patch('Module', at, { metadata: force });
    await moduleChanged([changed], fleet.ports);
    assert.equal(builder.started.length, 1);
    const endsNow = {
      ...builder,
      findBuilds: (request: Parameters<typeof builder.findBuilds>[0]) => {
        fleet.registry.put(image, { digest: digestB });
        builder.finish('succeeded', fleet.ports.now().toISOString());
        return builder.findBuilds(request);
      },
    };
    await jobFinished([job], { ...fleet.ports, builder: endsNow });
    assert.match(JSON.stringify((await fleet.daemonSets())[0]?.spec), new RegExp(digestB));
  });
});

describe('two Modules of one image', () => {
  it("don't share an answer that only one of them may read as missing", async () => {
    const mapping = { containerImage: image, build: { dockerfileConfigMap: { name: 'dockerfile' } } };
    const allowing = { name: 'acme', annotations: { [annotations.deniedMeansMissing]: 'true' } };
    const fleet = aFleet([
      rawModule({ metadata: allowing, mapping }),
      rawModule({ metadata: { name: 'other' }, mapping }),
      aNode({ labels: worker }),
    ]);
    fleet.ports.builder = createFakeBuilder();
    fleet.registry.breakDown(image, new RegistryError('FORBIDDEN', 'denied', { authenticated: true }));
    await nodeChanged([join], fleet.ports);
    assert.equal((await fleet.status('acme')).kernels[key]?.state, 'Building');
    assert.equal((await fleet.status('other')).kernels[key]?.reason, 'DeniedOrMissing');
  });
});

describe('a paused Module', () => {
  it('is not built', async () => {
    const fleet = aFleet([
      rawModule({
        metadata: { annotations: { [annotations.paused]: 'true' } },
        mapping: { build: { dockerfileConfigMap: { name: 'dockerfile' } } },
      }),
      aNode({ labels: worker }),
    ]);
    const builder = createFakeBuilder();
    fleet.ports.builder = builder;
    await nodeChanged([join], fleet.ports);
    assert.equal(builder.started.length, 0);
    assert.equal((await fleet.status()).kernels[key]?.reason, 'Paused');
  });
});
