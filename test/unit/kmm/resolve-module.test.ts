import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { toResolveEntry } from '../../../shared/kmm/resolve-entry.ts';
import { createResolver, resolveModule } from '../../../shared/kmm/resolve-module.ts';
import { ModuleObject } from '../../../shared/kubernetes/objects.ts';
import { build, devicePlugin, rawModule, sign } from '../../builders/module.ts';

const fixture = `${import.meta.dirname}/../../fixtures/modules/documented-sample.yaml`;
const sample: unknown = parse(readFileSync(fixture, 'utf8'));
const resolveSample = (kernelVersion: string) =>
  toResolveEntry({ namespace: 'kmm-demo', module: 'my-kmod', kernelVersion }, resolveModule(sample, kernelVersion));

const modprobe = { moduleName: 'my-kmod', dirName: '/opt', firmwarePath: '/firmware', parameters: ['param=1'] };

test('the documented sample has one finding: the form feed', () => {
  const found = lintModule(sample).map(({ rule, severity, path }) => [rule, severity, path]);
  assert.deepEqual(found, [
    ['regexp-control-character', 'warning', 'spec.moduleLoader.container.kernelMappings[1].regexp'],
  ]);
});

test("the documented sample's literal takes its kernel", () => {
  assert.deepEqual(resolveSample('6.0.15-300.fc37.x86_64'), {
    namespace: 'kmm-demo',
    module: 'my-kmod',
    kernelVersion: '6.0.15-300.fc37.x86_64',
    outcome: 'resolved',
    mapping: { index: 0, literal: '6.0.15-300.fc37.x86_64' },
    containerImage: 'registry.example.com/kmods/my-kmod:6.0.15-300.fc37.x86_64',
    imagePullPolicy: 'Always',
    inTreeModulesToRemove: ['my-kmod-intree'],
    modprobe,
  });
});

test('its second mapping takes no kernel that exists, only one that holds a form feed', () => {
  assert.equal(resolveSample('6.1.9-200.fc37.x86_64').mapping?.index, 2);
  const odd = resolveSample('6.1.9-200.\fc37.x86_64');
  assert.equal(odd.mapping?.index, 1);
  assert.equal(odd.containerImage, 'registry.example.com/kmods/my-kmod-fc37:6.1.9-200._c37.x86_64');
  assert.deepEqual(odd.inTreeModulesToRemove, ['my-kmod-fc37-intree']);
});

test('its third mapping builds and signs for any other kernel', () => {
  assert.deepEqual(resolveSample('6.12.9+deb13-amd64'), {
    namespace: 'kmm-demo',
    module: 'my-kmod',
    kernelVersion: '6.12.9+deb13-amd64',
    outcome: 'resolved',
    mapping: { index: 2, regexp: '^.+$' },
    containerImage: 'registry.example.com/kmods/my-kmod-built:6.12.9_deb13-amd64',
    imagePullPolicy: 'Always',
    build: {
      dockerfileConfigMap: { name: 'my-kmod-dockerfile' },
      buildArgs: [{ name: 'SOURCE_REVISION', value: 'v1.4.0' }],
      secrets: [{ name: 'source-token' }],
    },
    sign: {
      keySecret: { name: 'my-kmod-signing-key' },
      certSecret: { name: 'my-kmod-signing-cert' },
      filesToSign: ['/opt/lib/modules/6.12.9_deb13-amd64/my-kmod.ko'],
    },
    inTreeModulesToRemove: ['my-kmod-intree'],
    modprobe,
  });
});

test('a Module from the API server and the same from a file resolve alike', () => {
  const object = ModuleObject.parse({ ...rawModule(), status: { kernels: {} } });
  const [fromApi, fromFile] = [object, rawModule()].map((module) => resolveModule(module, '6.1.0'));
  assert.deepEqual(fromApi, fromFile);
  assert.equal(fromApi?.outcome, 'resolved');
});

test('everything that the Module says of the pod is carried over', () => {
  const tolerations = [{ key: 'gpu', operator: 'Exists' }];
  const module = rawModule({
    metadata: { uid: 'u1', annotations: { 'kmm.node.kubernetes.io/loader-shape': 'copy' } },
    container: { version: 'v1', imagePullPolicy: 'Never' },
  });
  const spec = { tolerations, imageRepoSecret: { name: 's' }, imageRebuildTriggerGeneration: 3 };
  const resolution = resolveModule({ ...module, spec: { ...(module['spec'] as object), ...spec } }, '6.1.0+');
  assert.ok(resolution.outcome === 'resolved');
  const { data } = resolution;
  assert.deepEqual(
    [
      data.uid,
      data.version,
      data.imagePullPolicy,
      data.tolerations,
      data.imageRepoSecret,
      data.imageRebuildTriggerGeneration,
    ],
    ['u1', 'v1', 'Never', tolerations, 's', 3],
  );
  assert.deepEqual([data.kernelVersion, data.kernelNormalizedVersion], ['6.1.0+', '6.1.0']);
  assert.deepEqual(data.selector, { 'example.com/acme': 'present' });
  assert.deepEqual(data.podOptions, { shape: 'copy', gracePeriodSeconds: 600, maxUnavailable: '10%' });
});

test('the first match wins, even when a later literal is closer', () => {
  const resolve = createResolver(
    rawModule({ mappings: [{ regexp: '^6\\.' }, { literal: '6.1.0' }, { regexp: 'el9' }] }),
  );
  const index = (kernel: string) =>
    toResolveEntry({ namespace: '', module: '', kernelVersion: kernel }, resolve(kernel)).mapping?.index;
  assert.deepEqual(['6.1.0', '5.14.0.el9', '5.4.0'].map(index), [0, 2, undefined]);
});

test('no mapping, no module loader and an invalid Module are told apart', () => {
  const outcome = (module: unknown) => resolveModule(module, '6.1.0').outcome;
  assert.equal(outcome(rawModule({ mapping: { regexp: '^5\\.' } })), 'no-mapping');
  assert.equal(outcome(rawModule({ spec: { moduleLoader: null, devicePlugin } })), 'no-module-loader');
  assert.equal(outcome(rawModule({ modprobe: { dirName: 'opt' } })), 'invalid');
  assert.equal(outcome(undefined), 'invalid');
});

test('an invalid Module says what is wrong and where', () => {
  const resolution = resolveModule(rawModule({ modprobe: { dirName: 'opt' } }), '6.1.0');
  assert.ok(resolution.outcome === 'invalid');
  assert.match(resolution.error, /^spec\.moduleLoader\.container\.modprobe\.dirName: "opt" must be an absolute path/);
});

test('an image that comes out wrong for one kernel is invalid for that kernel alone', () => {
  const resolve = createResolver(rawModule({ container: { containerImage: 'r.example/a${KERNEL_VERSION}:1' } }));
  assert.equal(resolve('6.1.0').outcome, 'resolved');
  const bad = resolve('6.1.0-ARM');
  assert.ok(bad.outcome === 'invalid' && bad.mapping?.index === 0);
  assert.match(bad.error, /must be lower case/);
});

test('a file to sign that a kernel leads out of dirName is invalid', () => {
  const module = rawModule({ container: { sign: { ...sign, filesToSign: ['/opt/$KERNEL_VERSION/a.ko'] } } });
  assert.equal(resolveModule(module, '..').outcome, 'invalid');
  assert.equal(resolveModule(module, '6.1.0').outcome, 'resolved');
});

test('in-tree modules: the mapping replaces, an empty list too, and the old field becomes a list', () => {
  const removed = (container: object, mapping: object) => {
    const resolution = resolveModule(rawModule({ container: { ...container }, mapping: { ...mapping } }), '6.1.0');
    return resolution.outcome === 'resolved' ? resolution.data.inTreeModulesToRemove : resolution;
  };
  assert.deepEqual(removed({ inTreeModulesToRemove: ['a', 'b'] }, {}), ['a', 'b']);
  assert.deepEqual(removed({ inTreeModulesToRemove: ['a', 'b'] }, { inTreeModulesToRemove: ['c'] }), ['c']);
  assert.deepEqual(removed({ inTreeModulesToRemove: ['a'] }, { inTreeModulesToRemove: [] }), []);
  assert.deepEqual(removed({ inTreeModulesToRemove: ['a'] }, { inTreeModulesToRemove: null }), ['a']);
  assert.deepEqual(removed({ inTreeModuleToRemove: 'a' }, { inTreeModuleToRemove: 'b' }), ['b']);
});

test("a mapping's registryTLS replaces the container's as a whole", () => {
  const module = rawModule({
    container: { registryTLS: { insecure: true, insecureSkipTLSVerify: true } },
    mapping: { registryTLS: { insecureSkipTLSVerify: true } },
  });
  const resolution = resolveModule(module, '6.1.0');
  assert.ok(resolution.outcome === 'resolved');
  assert.deepEqual(resolution.data.registryTLS, { insecure: false, insecureSkipTLSVerify: true });
});

test('a resolver answers a kernel that it knows with the same object', () => {
  const resolve = createResolver(rawModule({ container: { build } }));
  assert.equal(resolve('6.1.0'), resolve('6.1.0'));
});
