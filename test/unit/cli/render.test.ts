import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { callKmm } from './call-kmm.ts';

const module = rawModule({ spec: { devicePlugin: { container: { image: 'registry.example/plugin:1' } } } });
const stdin = JSON.stringify(module);
const kernels = ['--kernel', '6.1.0-18-amd64', '6.1.0-20-amd64'];

suite('kmm render', () => {
  test('gives a loader for each kernel and one device plugin', async () => {
    const argv = ['render', '-f', '-', ...kernels, '--digest', digestA, '-o', 'json'];
    const { code, stdout, stderr } = await callKmm(argv, { stdin });
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const objects = JSON.parse(stdout);
    assert.deepEqual(
      objects.map(({ kind }: { kind: string }) => kind),
      ['DaemonSet', 'DaemonSet', 'DaemonSet'],
    );
    const images = objects.map((object: never) => containersOf(object)[0].image);
    assert.deepEqual(images, [
      `registry.example/acme/kmod@${digestA}`,
      `registry.example/acme/kmod@${digestA}`,
      'registry.example/plugin:1',
    ]);
  });

  test('YAML is one document for each object, ready for kubectl apply', async () => {
    const { stdout } = await callKmm(['render', '-f', '-', ...kernels, '--digest', digestA, '-o', 'yaml'], { stdin });
    const documents = parseAllDocuments(stdout).map((document) => document.toJS());
    const json = await callKmm(['render', '-f', '-', ...kernels, '--digest', digestA, '-o', 'json'], { stdin });
    assert.deepEqual(documents, JSON.parse(json.stdout));
  });

  test('without a digest it takes zeros and says so', async () => {
    const { stdout, stderr } = await callKmm(['render', '-f', '-', ...kernels, '-o', 'json'], { stdin });
    assert.ok(stdout.includes(`@sha256:${'0'.repeat(64)}`));
    assert.match(stderr, /placeholder: give the real one with --digest/);
  });

  test('an image that is named by its digest needs no other', async () => {
    const byDigest = rawModule({ container: { containerImage: `registry.example/acme@${digestA}` } });
    const { stdout, stderr } = await callKmm(['render', '-f', '-', ...kernels, '-o', 'json'], {
      stdin: JSON.stringify(byDigest),
    });
    assert.ok(stdout.includes(digestA));
    assert.equal(stderr, '');
  });

  test('with the loader image of the installation it renders the copy shape', async () => {
    const argv = ['render', '-f', '-', ...kernels, '--loader-image', 'registry.example/loader:1', '-o', 'json'];
    const [object] = JSON.parse((await callKmm(argv, { stdin })).stdout);
    assert.equal(containersOf(object)[0].image, 'registry.example/loader:1');
  });

  test('a kernel without a mapping is named, and is exit code 1', async () => {
    const narrow = rawModule({ mappings: [{ literal: '6.1.0-18-amd64' }] });
    const argv = ['render', '-f', '-', ...kernels, '--digest', digestA, '-o', 'json'];
    const { code, stdout, stderr } = await callKmm(argv, { stdin: JSON.stringify(narrow) });
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).length, 1);
    assert.match(stderr, /^gpu\/acme on 6\.1\.0-20-amd64: no-mapping: /);
  });

  test('an invalid Module makes nothing, not even its device plugin', async () => {
    const wrong = { ...module, metadata: { name: 'Wrong', namespace: 'gpu' } };
    const { code, stdout } = await callKmm(['render', '-f', '-', ...kernels, '-o', 'json'], {
      stdin: JSON.stringify(wrong),
    });
    assert.equal(code, 1);
    assert.equal(stdout, '[]\n');
  });

  test('people get a list of the objects', async () => {
    const { stdout } = await callKmm(['render', '-f', '-', ...kernels, '--arch', 'arm64'], { stdin });
    const roles = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {3,}/)[2]);
    assert.deepEqual(roles, ['ROLE', 'module-loader', 'module-loader', 'device-plugin']);
    assert.match(stdout, /6\.1\.0-18-amd64\/arm64/);
  });
});

function containersOf(object: {
  spec: { template: { spec: { containers: { image: string }[] } } };
}): [{ image: string }] {
  const [first] = object.spec.template.spec.containers;
  assert.ok(first !== undefined);
  return [first];
}
