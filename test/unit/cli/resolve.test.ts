import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rawModule } from '../../builders/module.ts';
import { callKmm } from './call-kmm.ts';

const literal = { literal: '6.1.0-18-amd64', containerImage: 'registry.example/acme:literal' };
const regexp = { regexp: '^5\\.14\\.', build: { dockerfileConfigMap: { name: 'docker' } } };
const loader = rawModule({ mappings: [literal, regexp] });
const pluginOnly = rawModule({
  metadata: { name: 'plugin' },
  spec: { moduleLoader: null, devicePlugin: { container: { image: 'registry.example/plugin:1' } } },
});
const invalid = rawModule({ metadata: { name: 'wrong' }, modprobe: { moduleName: null } });
const kernels = ['6.1.0-18-amd64', '5.14.0-427.el9.x86_64', '4.18.0-1.x86_64'];

suite('kmm resolve', () => {
  test('gives one entry for each Module and kernel, in the order of the input', async () => {
    const stdin = JSON.stringify([loader, pluginOnly, invalid]);
    const { code, stdout } = await callKmm(['resolve', '-f', '-', '--kernel', ...kernels, '-o', 'json'], { stdin });
    assert.equal(code, 1);
    const entries = JSON.parse(stdout);
    const short = entries.map(({ module, kernelVersion, outcome }: Record<string, string>) => [
      module,
      kernelVersion,
      outcome,
    ]);
    assert.deepEqual(short, [
      ['acme', '6.1.0-18-amd64', 'resolved'],
      ['acme', '5.14.0-427.el9.x86_64', 'resolved'],
      ['acme', '4.18.0-1.x86_64', 'no-mapping'],
      ...kernels.map((kernel) => ['plugin', kernel, 'no-module-loader']),
      ...kernels.map((kernel) => ['wrong', kernel, 'invalid']),
    ]);
    assert.deepEqual(entries[0].mapping, { index: 0, literal: '6.1.0-18-amd64' });
    assert.equal(entries[0].containerImage, 'registry.example/acme:literal');
    assert.deepEqual(entries[1].mapping, { index: 1, regexp: '^5\\.14\\.' });
    assert.deepEqual(entries[1].build, { dockerfileConfigMap: { name: 'docker' } });
    assert.match(entries[2].error, /no kernel mapping matches/);
  });

  test('is fine when all kernels resolve, or there is nothing to resolve', async () => {
    const stdin = JSON.stringify([loader, pluginOnly]);
    const { code } = await callKmm(['resolve', '-f', '-', '--kernel', '6.1.0-18-amd64'], { stdin });
    assert.equal(code, 0);
  });

  test('a kernel that is named twice is resolved once', async () => {
    const argv = ['resolve', '-f', '-', '--kernel', '6.1.0-18-amd64', '6.1.0-18-amd64', '-o', 'json'];
    assert.equal(JSON.parse((await callKmm(argv, { stdin: JSON.stringify(loader) })).stdout).length, 1);
  });

  test('tells people the mapping and the image in one line each', async () => {
    const { stdout } = await callKmm(['resolve', '-f', '-', '--kernel', ...kernels], { stdin: JSON.stringify(loader) });
    const lines = stdout.split('\n');
    assert.match(lines[0] ?? '', /^MODULE +KERNEL +OUTCOME +MAPPING +IMAGE OR REASON$/);
    assert.match(
      lines[1] ?? '',
      /^gpu\/acme +6\.1\.0-18-amd64 +resolved +\[0\] literal 6\.1\.0-18-amd64 +registry\.example\/acme:literal$/,
    );
    assert.match(lines[2] ?? '', /\[1\] regexp \^5\\\.14\\\. .*\(build\)$/);
    assert.match(lines[3] ?? '', /no-mapping +- +no kernel mapping matches/);
  });
});
