import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { createLocalRegistry, type LocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import { loaderContainers } from '../../../shared/desired/loader-pod.ts';
import { nodeRoots } from '../../../shared/desired/script/script-input.ts';
import { anonymous } from '../../../shared/oci/credentials.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';
import { digestA, moduleLoaderData } from '../../builders/module-loader-data.ts';
import { type Buildah, createBuildah, missingBuildah } from './support/buildah.ts';
import { calledCommands } from './support/called-commands.ts';
import { debianContainer } from './support/debian-root.ts';
import { imageConfiguration } from './support/image-configuration.ts';

const skip = await missingBuildah('shfmt');

const dockerfile = join(import.meta.dirname, '../../../infra/kubernetes/loader');

/** Everything that makes the load script longer: firmware, a loading order, modules to remove. */
const everything = moduleLoaderData({
  inTreeModulesToRemove: ['acme_old'],
  modprobe: { firmwarePath: '/firmware', modulesLoadingOrder: ['acme_kmod', 'acme_base'] },
});

const LoaderPod = z.object({
  containers: z.tuple([
    z.looseObject({
      image: z.string(),
      command: z.array(z.string()),
      readinessProbe: z.object({ exec: z.object({ command: z.array(z.string()) }) }),
    }),
  ]),
});

const Layers = z.object({ layers: z.array(z.object({ size: z.int() })) });

/** The loader's container in the "copy" shape, with its scripts as a node would get them. */
function loaderOf(image: string) {
  const settings = { firmwareHostPath: '/var/lib/firmware', loaderImage: image };
  const pod = LoaderPod.parse(loaderContainers({ data: everything, digest: digestA, settings }));
  const [{ image: used, command, readinessProbe }] = pod.containers;
  assert.equal(used, image);
  return { command, probe: readinessProbe.exec.command };
}

describe('the loader image, built by buildah from its Dockerfile', { skip }, () => {
  let buildah: Buildah;
  let registry: LocalRegistry;
  let inImage: (...command: string[]) => Promise<string>;

  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());

  before(async () => {
    buildah = cleanup.use(await createBuildah());
    registry = await createLocalRegistry();
    cleanup.defer(() => registry.close());
    await buildah('commit', await debianContainer(buildah), 'localhost/debian');
    // The base has this machine's release, so that where this machine gets its packages serves it too.
    const aptConfiguration = ['/etc/apt', '/usr/share/keyrings'].flatMap((path) => ['-v', `${path}:${path}:ro`]);
    await buildah('bud', '--build-arg', 'BASE_IMAGE=localhost/debian', ...aptConfiguration, '-t', 'loader', dockerfile);
    const container = await buildah('from', 'loader');
    // As the DaemonSet has it.
    const rights = ['--cap-drop', 'ALL', '--cap-add', 'SYS_MODULE', '--user', '0'];
    inImage = (...command) => buildah('run', ...rights, container, '--', ...command);
  });

  test("holds kmod's modprobe where the load script looks for it, and a shell that has none of its own", async (t) => {
    const found = await inImage('sh', '-c', `for path in ${nodeRoots.modprobe.join(' ')}; do ls "$path"; done || :`);
    const [modprobe = 'none'] = found.split('\n');
    assert.ok(nodeRoots.modprobe.includes(modprobe), found);
    const version = await inImage(modprobe, '--version');
    assert.match(version, /^kmod version \d+/);
    const shell = await inImage('readlink', '-f', '/bin/sh');
    assert.match(shell, /^(\/usr)?\/bin\/(dash|bash)$/);
    t.diagnostic(`${modprobe}: ${version.split('\n')[0]}; /bin/sh: ${shell}`);
  });

  test('has every command that the load script and its probe call', async (t) => {
    const { command, probe } = loaderOf('loader');
    const scripts = [command, probe].map((words) => words.at(-1) ?? '');
    const commands = [...new Set((await Promise.all(scripts.map(calledCommands))).flat())].sort();
    for (const name of ['od', 'tr', 'cp', 'find', 'uname']) assert.ok(commands.includes(name), `${name} was not seen`);
    const told = await inImage(
      'sh',
      '-c',
      commands.map((name) => `command -v ${name} || echo "no ${name}"`).join('\n'),
    );
    assert.doesNotMatch(told, /^no /m);
    t.diagnostic(told.split('\n').join(' '));
  });

  test('runs the load script, which touches nothing on a node of another kernel', async () => {
    const { command, probe } = loaderOf('loader');
    await assert.rejects(
      inImage(...command),
      /this loader is for kernel 6\.1\.0-18-cloud-amd64, but the node runs \S+:/,
    );
    const told = await inImage('sh', '-c', '"$@" || :', 'sh', ...probe);
    assert.equal(told, 'this pod has not loaded acme_kmod');
  });

  test('starts as root, with nothing in the way of the command of the DaemonSet', async () => {
    const { User, Entrypoint } = await imageConfiguration(buildah, 'loader');
    assert.deepEqual([User, Entrypoint], ['', []]);
  });

  test('is found in a registry by our own client, with the digest that buildah pushed', async (t) => {
    const [reference, digestFile] = [`${registry.host}/kmm/loader:1`, join(buildah.folder, 'digest')];
    await buildah('push', '--tls-verify=false', '--digestfile', digestFile, 'loader', `docker://${reference}`);
    const digest = await readFile(digestFile, 'utf8');
    const client = createOciRegistry({ plainHttp: [registry.host], loopbackRegistries: [registry.host] });
    const access = { credentials: [anonymous], tls: { insecure: false, insecureSkipTLSVerify: false } };
    const { architecture } = await imageConfiguration(buildah, 'loader');
    const found = await client.findImage({ ...access, reference: parseReference(reference), architecture });
    assert.partialDeepStrictEqual(found, { kind: 'found', digest, tagDigest: digest });
    const manifest = await client.getManifest({ ...access, registry: registry.host, repository: 'kmm/loader' }, digest);
    const { layers } = Layers.parse(JSON.parse(Buffer.from(manifest?.bytes ?? []).toString()));
    t.diagnostic(`compressed layers: ${layers.map(({ size }) => `${(size / 2 ** 20).toFixed(1)} MiB`).join(' + ')}`);
  });
});
