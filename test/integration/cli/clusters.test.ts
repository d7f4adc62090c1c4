import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createLocalCluster, type LocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import { createLocalRegistry, type LocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { annotations } from '../../../shared/kmm/labels.ts';
import { rawModule } from '../../builders/module.ts';
import { aNode } from '../../builders/node.ts';
import { spawnKmm } from './spawn-kmm.ts';

const kernel = '6.1.0-18-amd64';

suite('the kmm command with a registry and a cluster', () => {
  let folder = '';
  let registry: LocalRegistry;
  let cluster: LocalCluster;
  let module: ReturnType<typeof rawModule>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-cli-'));
    registry = await createLocalRegistry({ basicAuth: { username: 'ann', password: 'secret' } });
    cluster = await createLocalCluster({ token: 'token' });
    module = rawModule({ container: { containerImage: `${registry.host}/acme/kmod:\${KERNEL_FULL_VERSION}` } });
    await pushTinyImage(registry.url, 'acme/kmod', kernel, buildTinyImage({ files: {} }), {
      authorization: `Basic ${btoa('ann:secret')}`,
    });
    cluster.store.create('Module', 'gpu', { ...module });
    cluster.store.create('Node', undefined, { ...aNode({ labels: { 'example.com/acme': 'present' } }) });
    const auths = { [registry.host]: { auth: btoa('ann:secret') } };
    await writeFile(join(folder, 'module.yaml'), JSON.stringify(module));
    await writeFile(join(folder, 'docker.json'), JSON.stringify({ auths }));
    await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig());
  });
  after(async () => {
    await Promise.all([registry.close(), cluster.close(), rm(folder, { recursive: true })]);
  });

  const plan = async (...argv: string[]) => {
    const call = ['plan', '-f', 'module.yaml', '-o', 'json', '--plain-http', registry.host, ...argv];
    const { code, stdout, stderr } = await spawnKmm(call, folder);
    assert.notEqual(code, 2, stderr);
    return { code, targets: JSON.parse(stdout) };
  };

  test('plan finds the image with the credentials of a docker config', async () => {
    const { code, targets } = await plan('--kernel', kernel, '--docker-config', 'docker.json');
    assert.equal(code, 0);
    assert.equal(targets[0].row, 'roll-out');
    assert.match(targets[0].digest, /^sha256:/);
  });

  test('plan without credentials is told that it needs some, and that is no missing image', async () => {
    const { code, targets } = await plan('--kernel', kernel);
    assert.equal(code, 1);
    assert.equal(targets[0].row, 'registry-unreachable');
    assert.match(targets[0].warnings.join(), /--docker-config/);
  });

  test('plan takes the kernels from the nodes of a kubeconfig', async () => {
    const { targets } = await plan('--kubeconfig', 'kubeconfig', '--docker-config', 'docker.json');
    assert.deepEqual(
      targets.map(({ kernelVersion }: { kernelVersion: string }) => kernelVersion),
      [kernel],
    );
    assert.deepEqual(targets[0].effect, { kind: 'load', nodes: 1 });
  });

  test('explain reads the cluster of KUBECONFIG', async () => {
    const env = { KUBECONFIG: 'kubeconfig' };
    const { code, stdout } = await spawnKmm(['explain', 'gpu/acme', '--node', 'node-1', '-o', 'json'], folder, '', env);
    assert.equal(code, 1);
    assert.match(JSON.parse(stdout).why, /not looked at this kernel yet/);
  });

  test('re-resolve annotates the Module', async () => {
    const { code, stderr } = await spawnKmm(
      ['re-resolve', '--module', 'gpu/acme', '--kubeconfig', 'kubeconfig'],
      folder,
    );
    assert.equal(code, 0, stderr);
    const written = cluster.store.get('Module', { namespace: 'gpu', name: 'acme' })?.metadata.annotations ?? {};
    assert.match(written[annotations.reResolve] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test('a cluster that is not there and one that does not know us are told apart', async () => {
    const text = cluster.kubeconfig();
    await writeFile(join(folder, 'stranger'), text.replace('"token": "token"', '"token": "other"'));
    await writeFile(join(folder, 'closed'), text.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
    await writeFile(join(folder, 'broken'), 'users: [{key: s3cret}}');
    const says = { stranger: /401|Unauthorized/, closed: /ECONNREFUSED/, broken: /The kubeconfig .*broken/ };
    const calls = Object.entries(says).map(async ([file, words]) => {
      const { code, stderr } = await spawnKmm(['explain', 'gpu/acme', '--kubeconfig', file], folder);
      assert.equal(code, 2);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /s3cret/);
    });
    await Promise.all(calls);
  });
});
