import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { templateInputs } from '../../../shared/desired/template-inputs.ts';
import type { ModuleLoaderData } from '../../../shared/kmm/module-loader-data.ts';
import { digestA, digestB, moduleLoaderData } from '../../builders/module-loader-data.ts';

const inputs = (data: ModuleLoaderData) =>
  templateInputs({ data, architecture: 'amd64', digest: digestA, shape: 'direct' });
const base = moduleLoaderData();

const build = {
  dockerfileConfigMap: 'd',
  buildArgs: [],
  secrets: [],
  baseImageRegistryTLS: base.registryTLS,
  selector: {},
};
const sign = { unsignedImageRegistryTLS: base.registryTLS, keySecret: 'k', certSecret: 'c', filesToSign: [] };

describe('template inputs', () => {
  for (const [what, data] of [
    ['how the image is built', { build }],
    ['how it is signed', { sign }],
    ['how its registry is asked', { registryTLS: { insecure: true, insecureSkipTLSVerify: true } }],
    ['a rebuild request', { imageRebuildTriggerGeneration: 7 }],
    ['the place of the mapping', { mapping: { index: 3, regexp: '.+' } }],
    ['a tag that points to the same digest', { containerImage: 'registry.example/acme/kmod:other' }],
    ['how an update widens', { podOptions: { gracePeriodSeconds: 600, maxUnavailable: '50%' } }],
  ] as const) {
    it(`do not change with ${what}: nothing is reloaded`, () => {
      assert.equal(inputs(moduleLoaderData(data)), inputs(base));
    });
  }

  for (const [what, data] of [
    ['a parameter', { modprobe: { parameters: ['x'] } }],
    ['an in-tree module to remove', { inTreeModulesToRemove: ['x'] }],
    ['the selector', { selector: { a: 'b' } }],
    ['the version', { version: '2' }],
    ['the pull secret', { imageRepoSecret: 's' }],
    ['the repository', { containerImage: 'registry.example/other/kmod:6.1' }],
    ['the grace period', { podOptions: { gracePeriodSeconds: 60, maxUnavailable: '10%' } }],
  ] as const) {
    it(`change with ${what}`, () => {
      assert.notEqual(inputs(moduleLoaderData({ ...data } as Parameters<typeof moduleLoaderData>[0])), inputs(base));
    });
  }

  it('change with digest, shape and architecture', () => {
    const of = { data: base, architecture: 'amd64', digest: digestA, shape: 'direct' } as const;
    const all = [of, { ...of, digest: digestB }, { ...of, shape: 'copy' as const }, { ...of, architecture: 'arm64' }];
    assert.equal(new Set(all.map(templateInputs)).size, 4);
  });
});
