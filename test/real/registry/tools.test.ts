import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createLocalRegistry, type LocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { digestOf } from '../../../shared/oci/digest.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { type DebianRegistry, debianRegistryPackages, startDebianRegistry } from '../support/debian-registry.ts';
import { run } from '../support/run.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const skip = await missingPackages('skopeo', 'buildah', ...debianRegistryPackages);

const images = ['amd64', 'arm64'].map((architecture) =>
  buildTinyImage({ files: { 'opt/kmod.ko': architecture }, architecture }),
);

/** The digest that a tag points to, by the bytes that the registry gives. */
async function digestAt(url: string, repository: string, tag: string): Promise<string> {
  const accept = ['index', 'manifest'].map((kind) => `application/vnd.oci.image.${kind}.v1+json`);
  const answer = await fetch(`${url}/v2/${repository}/manifests/${tag}`, { headers: { Accept: accept.join(', ') } });
  return digestOf(Buffer.from(await answer.arrayBuffer()));
}

const stores: [name: string, onDisk: boolean][] = [
  ['in memory', false],
  ['on disk', true],
];
for (const [name, onDisk] of stores) {
  describe(`the embedded registry ${name}`, { skip }, () => {
    let registry: LocalRegistry;
    let debian: DebianRegistry;
    let folder: TemporaryFolder;
    let buildah: (...args: string[]) => Promise<string>;
    const skopeoCopy = (from: string, to: string, ...options: string[]): Promise<string> =>
      run('skopeo', ['copy', '--src-tls-verify=false', '--dest-tls-verify=false', ...options, from, to]);

    const cleanup = new AsyncDisposableStack();
    after(() => cleanup.disposeAsync());

    before(async () => {
      folder = await temporaryFolder('registry-tools');
      cleanup.defer(() => folder.remove());
      registry = await createLocalRegistry(onDisk ? { dataDir: join(folder.path, 'data') } : {});
      cleanup.defer(() => registry.close());
      debian = await startDebianRegistry();
      cleanup.defer(() => debian.stop());
      const storage = [
        '--root',
        join(folder.path, 'root'),
        '--runroot',
        join(folder.path, 'run'),
        '--storage-driver',
        'vfs',
      ];
      buildah = (...args) => run('buildah', [...storage, ...args]);
    });

    test("gives skopeo an image that arrives in Debian's registry with the same digest, and back", async () => {
      const pushed = await pushTinyImage(registry.url, 'ns/one', '1', images[0] ?? []);
      await skopeoCopy(`docker://${registry.host}/ns/one:1`, `docker://${debian.host}/ns/one:1`);
      assert.equal(await digestAt(debian.url, 'ns/one', '1'), pushed);
      await skopeoCopy(`docker://${debian.host}/ns/one:1`, `docker://${registry.host}/ns/back:1`);
      assert.equal(await digestAt(registry.url, 'ns/back', '1'), pushed);
    });

    test('gives and takes all platforms of an index', async () => {
      const pushed = await pushTinyImage(registry.url, 'ns/many', '1', images);
      await skopeoCopy(`docker://${registry.host}/ns/many:1`, `docker://${debian.host}/ns/many:1`, '--all');
      assert.equal(await digestAt(debian.url, 'ns/many', '1'), pushed);
      await skopeoCopy(`docker://${debian.host}/ns/many:1`, `docker://${registry.host}/ns/many-back:1`, '--all');
      assert.equal(await digestAt(registry.url, 'ns/many-back', '1'), pushed);
      for (const { manifest } of images) {
        const { digest } = manifest.descriptor;
        assert.equal(await digestAt(registry.url, 'ns/many-back', digest), digest);
      }
    });

    test("takes an image in Docker's own media types", async () => {
      await pushTinyImage(registry.url, 'ns/one', '1', images[0] ?? []);
      const [from, to] = [`docker://${registry.host}/ns/one:1`, `docker://${registry.host}/ns/docker:1`];
      await skopeoCopy(from, to, '--format', 'v2s2');
      const raw = await run('skopeo', ['inspect', '--tls-verify=false', '--raw', to]);
      assert.match(raw, /application\/vnd\.docker\.distribution\.manifest\.v2\+json/);
      const found: unknown = JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', to]));
      assert.match(JSON.stringify(found), new RegExp(`"Digest":"${digestOf(raw)}"`));
    });

    test('lists tags for skopeo and deletes for it', async () => {
      for (const tag of ['1', '2']) await pushTinyImage(registry.url, 'ns/gone', tag, images);
      const home = `docker://${registry.host}/ns/gone`;
      assert.match(await run('skopeo', ['list-tags', '--tls-verify=false', home]), /"1",\s+"2"/);
      await run('skopeo', ['delete', '--tls-verify=false', `${home}:1`]);
      assert.equal((await fetch(`${registry.url}/v2/ns/gone/manifests/2`)).status, 404);
    });

    test('takes what buildah builds and gives it back with the same content', async () => {
      const context = join(folder.path, 'context');
      await mkdir(context, { recursive: true });
      // More than one chunk of every size that a client could choose is not tiny: this is one of 3 MiB.
      await writeFile(join(context, 'kmod.ko'), Buffer.alloc(3 * 1024 * 1024, 'kernel object '));
      await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY kmod.ko /opt/kmod.ko\n');
      await buildah('bud', '--isolation', 'chroot', '--timestamp', '0', '-t', 'kmod:1', context);
      const digestFile = join(folder.path, 'digest');
      const remote = `${registry.host}/ns/built:1`;
      await buildah('push', '--tls-verify=false', '--digestfile', digestFile, 'kmod:1', `docker://${remote}`);
      assert.equal(await digestAt(registry.url, 'ns/built', '1'), await readFile(digestFile, 'utf8'));

      await buildah('rmi', '-a', '-f');
      const container = (await buildah('from', '--pull-always', '--tls-verify=false', remote)).trim();
      const mounted = (await buildah('mount', container)).trim();
      assert.deepEqual(await readFile(join(mounted, 'opt/kmod.ko')), await readFile(join(context, 'kmod.ko')));
      await buildah('rm', container);
      await buildah('rmi', '-a', '-f');
    });

    test('takes an index that buildah made of images of two platforms', async () => {
      await buildah('manifest', 'create', 'list');
      for (const architecture of ['amd64', 'arm64']) {
        await writeFile(join(folder.path, 'Dockerfile'), `FROM scratch\nCOPY Dockerfile /${architecture}\n`);
        const platform = ['--platform', `linux/${architecture}`];
        await buildah('bud', '--isolation', 'chroot', ...platform, '--manifest', 'list', folder.path);
      }
      await buildah('manifest', 'push', '--all', '--tls-verify=false', 'list', `docker://${registry.host}/ns/list:1`);
      const raw = await run('skopeo', [
        'inspect',
        '--tls-verify=false',
        '--raw',
        `docker://${registry.host}/ns/list:1`,
      ]);
      const { manifests }: { manifests: { platform: { architecture: string } }[] } = JSON.parse(raw);
      assert.deepEqual(manifests.map(({ platform }) => platform.architecture).sort(), ['amd64', 'arm64']);
      await buildah('rmi', '-a', '-f');
    });
  });
}
