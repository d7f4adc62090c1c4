import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageChanged } from '../../../functions/image-changed/image-changed.ts';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import type { ImageTrigger } from '../../../shared/events/trigger.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { aFleet, image, kernel, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';

const key = `${kernel}/amd64`;
const event = (overrides: Partial<ImageTrigger> = {}): ImageTrigger => ({
  kind: 'image',
  action: 'push',
  registry: 'registry.example',
  repository: 'acme/kmod',
  tag: kernel,
  ...overrides,
});

/** A fleet whose only target waits for its image, or runs it. */
async function aTarget(state: 'ImageMissing' | 'RollingOut') {
  const fleet = aFleet();
  if (state === 'RollingOut') fleet.registry.put(image, { digest: digestA });
  await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
  assert.equal((await fleet.status()).kernels[key]?.state, state);
  return fleet;
}

describe('a push', () => {
  it('of a missing image makes the DaemonSet appear', async () => {
    const fleet = await aTarget('ImageMissing');
    fleet.registry.put(image, { digest: digestA });
    await imageChanged([event()], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
    assert.equal((await fleet.status()).kernels[key]?.state, 'RollingOut');
  });

  it('of a new digest moves the DaemonSet to it', async () => {
    const fleet = await aTarget('RollingOut');
    fleet.registry.put(image, { digest: digestB });
    await imageChanged([event({ digest: digestB })], fleet.ports);
    assert.match(JSON.stringify((await fleet.daemonSets())[0]?.spec), new RegExp(digestB));
  });

  it('of the digest that runs already writes nothing', async () => {
    const fleet = await aTarget('RollingOut');
    const before = fleet.cluster.writes().length;
    await imageChanged([event({ digest: digestA }), event({ digest: digestA })], fleet.ports);
    assert.equal(fleet.cluster.writes().length, before);
  });

  it('of an image of nobody costs one list of Modules', async () => {
    const fleet = await aTarget('RollingOut');
    const before = fleet.cluster.calls.length;
    for (const other of [
      event({ repository: 'other' }),
      event({ tag: 'other' }),
      event({ registry: 'mirror.example' }),
    ]) {
      await imageChanged([other], fleet.ports);
    }
    const calls = fleet.cluster.calls.slice(before).map(({ verb, kind }) => `${verb} ${kind}`);
    assert.deepEqual(calls, ['list Module', 'list Module', 'list Module']);
  });

  it('to a mirror that is configured as an alias counts', async () => {
    const fleet = await aTarget('ImageMissing');
    fleet.ports.settings.hostAliases = { 'mirror.example': 'registry.example' };
    fleet.registry.put(image, { digest: digestA });
    await imageChanged([event({ registry: 'mirror.example' })], fleet.ports);
    assert.equal((await fleet.daemonSets()).length, 1);
  });

  it('for another platform only says which platforms are there', async () => {
    const fleet = await aTarget('ImageMissing');
    fleet.registry.put(image, { digest: digestA, platforms: { 'linux/arm64': digestB } });
    await imageChanged([event()], fleet.ports);
    const entry = (await fleet.status()).kernels[key];
    assert.equal(entry?.state, 'ImageMissing');
    assert.match(entry?.message ?? '', /arm64/);
  });
});

describe('a delete', () => {
  it('changes the state and never the DaemonSet', async () => {
    const fleet = await aTarget('RollingOut');
    fleet.registry.remove(image);
    await imageChanged([event({ action: 'delete', digest: digestA })], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.state, 'ImageMissing');
    assert.equal((await fleet.daemonSets()).length, 1);
    assert.equal(fleet.cluster.writes('DaemonSet').length, 1);
  });

  it('that can not be checked is no delete', async () => {
    const fleet = await aTarget('RollingOut');
    fleet.registry.breakDown(image, new RegistryError('TLS', 'self-signed certificate'));
    await imageChanged([event({ action: 'delete', digest: digestA })], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.state, 'RegistryUnreachable');
    assert.equal(fleet.cluster.writes('DaemonSet').length, 1);
  });
});

describe('credentials', () => {
  const config = (password: string) =>
    Buffer.from(JSON.stringify({ auths: { 'registry.example': { username: 'u', password } } })).toString('base64');
  const secret = (namespace: string, password: string) => ({
    kind: 'Secret',
    metadata: { namespace, name: 'pull' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': config(password) },
  });
  const module = rawModule({ spec: { imageRepoSecret: { name: 'pull' } } });

  it("come from the Module's own namespace and no other", async () => {
    const fleet = aFleet([module, aNode({ labels: worker }), secret('gpu', 'own'), secret('other', 'foreign')]);
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
    const [asked] = fleet.registry.calls;
    assert.deepEqual(
      asked?.credentials.map((credential) => (credential.kind === 'basic' ? credential.password : credential.kind)),
      ['own'],
    );
    assert.ok(!fleet.log.text().includes('own'), 'the password is logged nowhere');
  });

  it('that are named but missing stop the look-up: the image is not asked for without them', async () => {
    const fleet = aFleet([module, aNode({ labels: worker }), secret('other', 'foreign')]);
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
    assert.equal(fleet.registry.calls.length, 0);
    assert.equal((await fleet.status()).kernels[key]?.reason, 'PullSecretMissing');
  });

  it('of the cloud role serve only what is granted to the namespace', async () => {
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
    const inEcr = rawModule({ mapping: { containerImage: `${host}/team-a/kmod:1` } });
    const asked = async (grants: { namespaces: string[]; pull: string[] }[]) => {
      const fleet = aFleet([inEcr, aNode({ labels: worker })]);
      fleet.ports.settings.grants = grants.map((grant) => ({ push: [], kmsKeys: [], ...grant }));
      await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
      return fleet.registry.calls[0]?.credentials[0]?.kind;
    };
    assert.equal(await asked([]), 'anonymous');
    assert.equal(await asked([{ namespaces: ['other'], pull: [`${host}/team-a/*`] }]), 'anonymous');
    assert.equal(await asked([{ namespaces: ['gpu'], pull: [`${host}/team-b/*`] }]), 'anonymous');
    assert.equal(await asked([{ namespaces: ['gpu'], pull: [`${host}/team-a/*`] }]), 'ecr');
  });
});
