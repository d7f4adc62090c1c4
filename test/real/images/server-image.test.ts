import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bundle } from '../../../infra/build/bundle.ts';
import { listTargets } from '../../../infra/build/targets.ts';
import { type Buildah, createBuildah, missingBuildah } from './support/buildah.ts';
import { debianContainer } from './support/debian-root.ts';
import { imageConfiguration } from './support/image-configuration.ts';

const skip = await missingBuildah();

const root = join(import.meta.dirname, '../../..');

/** A base like Node's own: Debian, and the Node that runs this test. */
async function commitNodeBase(buildah: Buildah): Promise<void> {
  const container = await debianContainer(buildah);
  await buildah('copy', container, process.execPath, '/usr/local/bin/node');
  await buildah('commit', container, 'localhost/node');
}

/** What `npm run build` would make, in a folder of its own: `dist` may be in use. */
async function bundlePrograms(folder: string): Promise<void> {
  const { targets } = listTargets(root);
  for (const target of targets.filter(({ name }) => ['server', 'kmm'].includes(name))) {
    await bundle(root, join(folder, 'dist'), target);
  }
}

describe('the server image, built by buildah from its Dockerfile', { skip }, () => {
  let buildah: Buildah;
  let inImage: (...command: string[]) => Promise<string>;

  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());

  before(async () => {
    buildah = cleanup.use(await createBuildah());
    await commitNodeBase(buildah);
    const checkout = join(buildah.folder, 'checkout');
    await bundlePrograms(checkout);
    const dockerfile = ['-f', join(root, 'infra/kubernetes/Dockerfile')];
    await buildah('bud', '--build-arg', 'NODE_IMAGE=localhost/node', ...dockerfile, '-t', 'server', checkout);
    const container = await buildah('from', 'server');
    // As the pods have it; user and folder are the image's own.
    inImage = (...command) => buildah('run', '--cap-drop', 'ALL', container, '--', ...command);
  });

  test('names a user by number, as a pod that must not run as root needs it, and starts node without a shell', async () => {
    const { User, WorkingDir, Entrypoint, Cmd } = await imageConfiguration(buildah, 'server');
    assert.deepEqual([User, WorkingDir, Entrypoint, Cmd], ['1000:1000', '/app', ['node'], ['index.js']]);
    assert.equal(await inImage('node', '-p', 'process.getuid()'), '1000');
  });

  test('starts the server, which says what to configure', async () => {
    await assert.rejects(inImage('node', 'index.js'), /set KMM_CONFIG to JSON, or to the path of a JSON file/);
  });

  test('holds the command that the sweep of a cluster runs', async () => {
    assert.match(await inImage('node', 'kmm.cjs', 're-resolve', '--help'), /--door/);
  });
});
