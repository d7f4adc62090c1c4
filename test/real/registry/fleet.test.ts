import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage, type TinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import { basicCredential } from '../../../shared/oci/docker-config.ts';
import type { Repository } from '../../../shared/ports/registry.ts';
import { rawModule } from '../../builders/module.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { type DebianRegistry, debianRegistryPackages, startDebianRegistry } from '../support/debian-registry.ts';
import { type FleetServer, startFleetServer } from '../support/fleet-server.ts';
import { freePort } from '../support/free-port.ts';
import { run } from '../support/run.ts';

const skip = await missingPackages('skopeo', ...debianRegistryPackages);

const user = { username: 'fleet', password: 'right' };
const secret = 'a-secret-of-this-test';
const kernel = '6.1.0-18-amd64';
const key = `${kernel}/amd64`;
const labels = { 'example.com/acme': 'present' };

const imageOf = (content: string, architecture = 'amd64'): TinyImage =>
  buildTinyImage({ files: { [`opt/lib/modules/${kernel}/acme.ko`]: content }, architecture });

describe("a fleet whose images are in Debian's registry, by TLS and password, with notifications", { skip }, () => {
  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());
  let debian: DebianRegistry;
  let stranger: DebianRegistry;
  let fleet: FleetServer;
  let broken: string;
  let closed: string;

  before(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/events/distribution/debian`;
    const notifications = { url, headers: { Authorization: `Bearer ${secret}` } };
    debian = await startDebianRegistry({ tls: true, htpasswd: user, notifications });
    cleanup.defer(() => debian.stop());
    stranger = await startDebianRegistry({ tls: true });
    cleanup.defer(() => stranger.stop());
    broken = await startBroken(cleanup);
    closed = `127.0.0.1:${await freePort()}`;
    const hosts = [debian.host, stranger.host, broken, closed];
    fleet = await startFleetServer({ port, secret, registries: { hosts, ca: debian.ca ?? '' } });
    cleanup.defer(() => fleet.stop());
    for (const [name, password] of [
      ['pull', user.password],
      ['wrong', 'guessed'],
    ] as const) {
      const auths = { [debian.host]: { username: user.username, password } };
      const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') };
      const body = { metadata: { name }, type: 'kubernetes.io/dockerconfigjson', data };
      fleet.cluster.store.create('Secret', 'gpu', body);
    }
  });

  const addModule = (name: string, containerImage: string, options: { secret?: string; insecure?: boolean } = {}) => {
    const { secret: pull = 'pull', insecure = false } = options;
    const build = { dockerfileConfigMap: { name: 'dockerfile' } };
    const module = rawModule({
      metadata: { name },
      spec: { imageRepoSecret: { name: pull } },
      mapping: { containerImage, registryTLS: { insecure }, build },
    });
    fleet.cluster.store.create('Module', 'gpu', JSON.parse(JSON.stringify(module)));
  };
  const daemonSets = (module: string) =>
    fleet.cluster.store
      .list('DaemonSet', { labelSelector: `kmm.node.kubernetes.io/module.name=${module}` })
      .items.map((item) => JSON.parse(JSON.stringify(item)));
  const repository = (name: string): Repository => ({
    registry: debian.host,
    repository: name,
    credentials: [basicCredential(user.username, user.password)],
    tls: { insecure: false, insecureSkipTLSVerify: false },
  });
  const client = () => createOciRegistry({ loopbackRegistries: [debian.host], ca: debian.ca ?? '' });

  /** Pushes by our own client, blob by blob. */
  async function pushByClient(name: string, tag: string, image: TinyImage): Promise<string> {
    const registry = client();
    await registry.putBlob(repository(name), image.config.bytes);
    await registry.putBlob(repository(name), image.layer.bytes);
    const { bytes, descriptor } = image.manifest;
    return registry.putManifest(repository(name), tag, { bytes, mediaType: descriptor.mediaType });
  }

  /** Pushes by skopeo, from a registry of our own beside it. */
  async function pushBySkopeo(name: string, tag: string, images: TinyImage[]): Promise<void> {
    const source = await createLocalRegistry();
    try {
      await pushTinyImage(source.url, name, tag, images.length === 1 ? (images[0] ?? []) : images);
      const from = `docker://${source.host}/${name}:${tag}`;
      const to = `docker://${debian.host}/${name}:${tag}`;
      const creds = ['--dest-creds', `${user.username}:${user.password}`];
      await run('skopeo', ['copy', '--all', '--src-tls-verify=false', '--dest-tls-verify=false', ...creds, from, to]);
    } finally {
      await source.close();
    }
  }

  test('a node waits for its image, and a push by skopeo makes the DaemonSet appear', async () => {
    addModule('acme', `${debian.host}/acme/kmod:\${KERNEL_FULL_VERSION}`);
    fleet.cluster.nodes.joinNode({ name: 'node-1', kernelVersion: kernel, labels });
    await fleet.entry('acme', key, 'the image is seen to be missing', ({ state }) => state === 'ImageMissing');
    assert.deepEqual(daemonSets('acme'), []);
    const image = imageOf('first');
    await pushBySkopeo('acme/kmod', kernel, [image]);
    await fleet.entry('acme', key, 'the fleet runs the image', ({ state }) => state === 'Ready');
    const [daemonSet] = daemonSets('acme');
    assert.ok(JSON.stringify(daemonSet.spec).includes(`${debian.host}/acme/kmod@${image.manifest.descriptor.digest}`));
  });

  test('a push of another digest by our own client moves the DaemonSet', async () => {
    const before = daemonSets('acme')[0];
    const digest = await pushByClient('acme/kmod', kernel, imageOf('second'));
    await fleet.entry(
      'acme',
      key,
      'the fleet runs the second image',
      (at) => at.state === 'Ready' && at.digest === digest,
    );
    const after = daemonSets('acme')[0];
    assert.equal(after.metadata.uid, before.metadata.uid, 'the same DaemonSet');
    assert.ok(JSON.stringify(after.spec).includes(digest));
  });

  test('of an index each node gets the manifest of its architecture', async () => {
    const [amd64, arm64] = [imageOf('third'), imageOf('third', 'arm64')];
    await pushBySkopeo('acme/kmod', kernel, [amd64, arm64]);
    fleet.cluster.nodes.joinNode({ name: 'node-2', kernelVersion: kernel, architecture: 'arm64', labels });
    for (const [architecture, image] of [
      ['amd64', amd64],
      ['arm64', arm64],
    ] as const) {
      const digest = image.manifest.descriptor.digest;
      const fits = (at: { state: string; digest?: string | undefined }) => at.state === 'Ready' && at.digest === digest;
      const entry = await fleet.entry('acme', `${kernel}/${architecture}`, `${architecture} runs its manifest`, fits);
      assert.ok(entry.indexDigest !== undefined && entry.indexDigest !== digest);
    }
  });

  test('a delete changes the state and never the DaemonSet', async () => {
    const before = daemonSets('acme');
    const { indexDigest } = await fleet.entry('acme', key, 'it runs', ({ state }) => state === 'Ready');
    assert.equal(await client().deleteManifest(repository('acme/kmod'), indexDigest ?? ''), 'deleted');
    await fleet.entry('acme', key, 'the delete is seen', ({ state }) => state === 'ImageMissing');
    const uids = (all: { metadata: { uid: string; generation: number } }[]) =>
      all.map(({ metadata }) => [metadata.uid, metadata.generation]);
    assert.deepEqual(uids(daemonSets('acme')), uids(before));
  });

  const unreachable: [
    what: string,
    module: string,
    reason: string,
    image: () => string,
    options: Parameters<typeof addModule>[2],
  ][] = [
    ['a wrong password', 'wrong-password', 'Unauthorized', () => `${debian.host}/acme/kmod:1`, { secret: 'wrong' }],
    ['an unknown certificate authority', 'unknown-ca', 'Tls', () => `${stranger.host}/acme/kmod:1`, {}],
    ['a closed port', 'closed-port', 'Unavailable', () => `${closed}/acme/kmod:1`, {}],
    ['a 503', 'a-503', 'Unavailable', () => `${broken}/acme/kmod:1`, { insecure: true }],
  ];
  for (const [what, module, reason, image, options] of unreachable) {
    test(`${what} makes RegistryUnreachable (${reason}), no DaemonSet and no build`, async () => {
      addModule(module, image(), options);
      const entry = await fleet.entry(module, key, `${what} is seen`, ({ state }) => state === 'RegistryUnreachable');
      assert.equal(entry.reason, reason, entry.message);
      assert.deepEqual(daemonSets(module), []);
      assert.deepEqual(fleet.cluster.store.list('Job', {}).items, []);
    });
  }

  test('an event without the secret is refused, and no secret is in the log', async () => {
    const events = { events: [] };
    const answer = await fetch(`${fleet.url}/events/distribution/debian`, {
      method: 'POST',
      body: JSON.stringify(events),
    });
    assert.equal(answer.status, 401);
    for (const hidden of [secret, user.password, 'guessed']) assert.ok(!fleet.log.text().includes(hidden));
  });
});

/** A registry that is there and can't serve. */
async function startBroken(cleanup: AsyncDisposableStack): Promise<string> {
  const server = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanup.defer(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}
