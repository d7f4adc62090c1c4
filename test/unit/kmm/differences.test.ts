import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import type { ModuleLoaderData, Resolution } from '../../../shared/kmm/module-loader-data.ts';
import { resolveModule } from '../../../shared/kmm/resolve-module.ts';
import { build, type ModuleOverrides, rawModule, sign } from '../../builders/module.ts';

/** Where we are stricter or better than KMM on purpose; everything else is as there. */
const container = (fields: Record<string, unknown>): ModuleOverrides => ({ container: fields });
const image = (containerImage: string) => container({ containerImage });

const refused: [difference: string, module: ModuleOverrides][] = [
  ['U01 a default text that KMM never ends on', image('r.example/a:${X:-$_}')],
  ['U07 shell forms that the engine does not have', image('r.example/a:${KERNEL_VERSION%.*}')],
  ['U26 a signing with neither build nor unsigned image', container({ sign: { ...sign, unsignedImage: '' } })],
  ...['host.example:5000/img', 'a:', ':', 'a b:c', 'http://r/a', 'r.example/a:b:c'].map(
    (text): [string, ModuleOverrides] => [`U30 "${text}" as an image`, image(text)],
  ),
  ['U31 a file to sign that leaves dirName', container({ sign: { ...sign, filesToSign: ['/opt/../etc/a.ko'] } })],
  ['U32 shell in the name of a kernel module', { modprobe: { moduleName: 'a$(reboot)' } }],
  ['U33 a version that is no label value', container({ version: 'v1+2' })],
  ['U34 any string as a pull policy', container({ imagePullPolicy: 'always' })],
  ['U35 a selector key that is no label key', { spec: { selector: { '/a': '' } } }],
  ['U38 an empty name of a build argument', container({ build: { ...build, buildArgs: [{ name: '', value: '' }] } })],
  ['U40 an empty dirName', { modprobe: { dirName: '' } }],
  ['U42 an empty name in the loading order', { modprobe: { modulesLoadingOrder: ['acme', ''] } }],
  ['U43 a key without a name', container({ sign: { ...sign, keySecret: { name: '' } } })],
  ['U43 an unsigned image without a tag', container({ sign: { ...sign, unsignedImage: 'r.example/a' } })],
];
for (const [difference, module] of refused) {
  test(`refused: ${difference}`, () => {
    assert.ok(lintModule(rawModule(module)).some(({ severity }) => severity === 'error'));
    assert.equal(resolveModule(rawModule(module), '6.1.0').outcome, 'invalid');
  });
}

const warned: [difference: string, module: ModuleOverrides][] = [
  [
    'U04 KERNEL_XYZ of a kernel with "+"',
    { ...image('r.example/a:$KERNEL_XYZ'), mapping: { literal: '6.12.9+deb13', regexp: '' } },
  ],
  ['U06 a variable that does not exist', image('r.example/a:v$KERNEL')],
  ['U10 a literal with a "+" at its end', { mapping: { literal: '6.1.0+', regexp: null } }],
  [
    'U25 a build argument named like a built-in one',
    container({ build: { ...build, buildArgs: [{ name: 'MOD_NAME', value: '' }] } }),
  ],
  ['U36 an empty selector', { spec: { selector: {} } }],
  ['U37 a Module with nothing in it', { spec: { moduleLoader: null } }],
  ['U39 a device plugin without a tag', { spec: { devicePlugin: { container: { image: 'r.example/a' } } } }],
  ['U41 two mappings with one literal', { mappings: [{ literal: 'a.b.c' }, { literal: 'a.b.c' }] }],
];
for (const [difference, module] of warned) {
  test(`warned about, and still taken: ${difference}`, () => {
    const severities = new Set(lintModule(rawModule(module)).map(({ severity }) => severity));
    assert.deepEqual([...severities], ['warning']);
  });
}

test('U02 a kernel of two components is served when no template needs its parts', () => {
  assert.equal(resolved(image('r.example/a:v1'), '5.10').containerImage, 'r.example/a:v1');
  assert.equal(resolved(image('r.example/a:$KERNEL_VERSION'), '5.10').containerImage, 'r.example/a:5.10');
  assert.equal(resolve(image('r.example/a:$KERNEL_XYZ'), '5.10').outcome, 'invalid');
});

test('U04 KERNEL_XYZ keeps the tail that KMM gives it', () => {
  assert.equal(
    resolved(image('r.example/a:$KERNEL_XYZ'), '6.12.9+deb13-amd64').containerImage,
    'r.example/a:6.12.9_deb13',
  );
});

test('U05 MOD_NAME and MOD_NAMESPACE are known in what is signed', () => {
  const fields = { ...sign, unsignedImage: 'r.example/$MOD_NAMESPACE:$MOD_NAME', filesToSign: ['/opt/$MOD_NAME.ko'] };
  const data = resolved(container({ sign: fields }), '6.1.0');
  assert.deepEqual([data.sign?.unsignedImage, data.sign?.filesToSign], ['r.example/gpu:acme', ['/opt/acme.ko']]);
});

test('U09 an image that comes out without a tag is an error of that kernel', () => {
  assert.equal(resolve(image('r.example/a:${KERNEL_X}'), '+.1.0').outcome, 'resolved');
  assert.equal(resolve(image('r.example/a:${KERNEL_X}'), '.1.0').outcome, 'invalid');
});

test('U10 exactly one "+" is cut before matching', () => {
  const module = { mapping: { regexp: '^6\\.1\\.0$' } };
  assert.equal(resolve(module, '6.1.0+').outcome, 'resolved');
  assert.equal(resolve(module, '6.1.0++').outcome, 'no-mapping');
});

test("U20 to U22 a mapping's selector, kanikoParams and base-image TLS win over the container's", () => {
  const level = (name: string, insecure: boolean) => ({
    ...build,
    selector: { level: name },
    kanikoParams: { tag: name },
    baseImageRegistryTLS: { insecure },
  });
  const data = resolved(
    { container: { build: level('container', false) }, mapping: { build: level('mapping', true) } },
    '6.1.0',
  );
  assert.deepEqual(data.build?.selector, { level: 'mapping' });
  assert.deepEqual(data.build?.kanikoParams, { tag: 'mapping' });
  assert.deepEqual(data.build?.baseImageRegistryTLS, { insecure: true, insecureSkipTLSVerify: false });
});

test("U23 a mapping's TLS for the unsigned image wins over the container's", () => {
  const mapping = { sign: { ...sign, unsignedImageRegistryTLS: { insecureSkipTLSVerify: true } } };
  const data = resolved(
    { container: { sign: { ...sign, unsignedImageRegistryTLS: { insecure: true } } }, mapping },
    '6.1.0',
  );
  assert.deepEqual(data.sign?.unsignedImageRegistryTLS, { insecure: false, insecureSkipTLSVerify: true });
});

test('U24 merging leaves no repeats, and arguments override by name', () => {
  const arg = (name: string, value: string) => ({ name, value });
  const data = resolved(
    {
      container: {
        build: { ...build, secrets: [{ name: 's' }, { name: 's' }], buildArgs: [arg('B', '1'), arg('A', '1')] },
        sign: { ...sign, filesToSign: ['/opt/a.ko', '/opt/a.ko'] },
      },
      mapping: {
        build: {
          dockerfileConfigMap: { name: 'own' },
          secrets: [{ name: 's' }, { name: 't' }],
          buildArgs: [arg('D', '2'), arg('C', '2'), arg('B', '2')],
        },
        sign: { ...sign, filesToSign: ['/opt/a.ko', '/opt/b.ko'] },
      },
    },
    '6.1.0',
  );
  assert.deepEqual(data.build?.buildArgs, [arg('B', '2'), arg('A', '1'), arg('C', '2'), arg('D', '2')]);
  assert.deepEqual(data.build?.secrets, ['s', 't']);
  assert.equal(data.build?.dockerfileConfigMap, 'own');
  assert.deepEqual(data.sign?.filesToSign, ['/opt/a.ko', '/opt/b.ko']);
});

test('U27 and U28 a wrong regexp, or literal and regexp in one, make the Module invalid, as the webhook does', () => {
  assert.equal(resolve({ mappings: [{ literal: '6.1.0' }, { regexp: '(' }] }, '6.1.0').outcome, 'invalid');
  assert.equal(resolve({ mapping: { literal: '6.1.0', regexp: 'x' } }, '6.1.0').outcome, 'invalid');
});

test('U46 a mapping that overrides the unsigned image alone need not repeat the rest', () => {
  const data = resolved({ container: { sign }, mapping: { sign: { unsignedImage: 'r.example/own:1' } } }, '6.1.0');
  assert.equal(data.sign?.unsignedImage, 'r.example/own:1');
  assert.deepEqual(data.sign?.filesToSign, ['/opt/lib/modules/6.1.0/acme.ko']);
});

test('U47 a dirName with a final slash is the same without it', () => {
  const data = resolved({ container: { sign }, modprobe: { dirName: '/opt/' } }, '6.1.0');
  assert.equal(data.modprobe.dirName, '/opt');
});

test('U55 the kernel is normalised in the image, one "_" for each rune', () => {
  assert.equal(resolved({}, '6.1.0-😀~').containerImage, 'registry.example/acme/kmod:6.1.0-__');
});

test('with a build the unsigned image is only shown, and need not be a reference', () => {
  const data = resolved(container({ build, sign: { ...sign, unsignedImage: 'anything' } }), '6.1.0');
  assert.equal(data.sign?.unsignedImage, 'anything');
});

function resolve(module: ModuleOverrides, kernelVersion: string): Resolution {
  return resolveModule(rawModule(module), kernelVersion);
}

function resolved(module: ModuleOverrides, kernelVersion: string): ModuleLoaderData {
  const resolution = resolve(module, kernelVersion);
  assert.ok(resolution.outcome === 'resolved', JSON.stringify(resolution));
  return resolution.data;
}
