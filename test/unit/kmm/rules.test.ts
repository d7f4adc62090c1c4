import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintDockerfile } from '../../../shared/kmm/lint-dockerfile.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { decidingRules } from '../../../shared/kmm/rules/deciding-rules.ts';
import { warningRules } from '../../../shared/kmm/rules/warning-rules.ts';
import { build, devicePlugin, dra, type ModuleOverrides, rawModule, sign } from '../../builders/module.ts';

interface Case {
  rule: string;
  severity: 'error' | 'warning';
  path: string;
  module: ModuleOverrides;
  /** A word that the message must hold. */
  says?: string;
}

const container = 'spec.moduleLoader.container';
const mapping = `${container}.kernelMappings[0]`;
const error = (rule: string, path: string, module: ModuleOverrides, says?: string): Case => ({
  rule,
  severity: 'error',
  path,
  module,
  ...(says && { says }),
});
const warning = (rule: string, path: string, module: ModuleOverrides, says?: string): Case => ({
  ...error(rule, path, module, says),
  severity: 'warning',
});
const tolerate = (toleration: object): ModuleOverrides => ({ spec: { tolerations: [toleration] } });
const annotate = (key: string, value: string): ModuleOverrides => ({
  metadata: { annotations: { [`kmm.node.kubernetes.io/${key}`]: value } },
});
const image = (containerImage: string): ModuleOverrides => ({ container: { containerImage } });
const regexp = (text: string): ModuleOverrides => ({ mapping: { regexp: text } });
const signed = (overrides: object): ModuleOverrides => ({ container: { sign: { ...sign, ...overrides } } });
const built = (overrides: object): ModuleOverrides => ({ container: { build: { ...build, ...overrides } } });
const longName = 'n'.repeat(39);

const cases: Case[] = [
  error('name', 'metadata.name', { metadata: { name: 'Acme' } }),
  error('namespace', 'metadata.namespace', { metadata: { namespace: 'g.pu' } }),
  error('name-length', 'metadata.name', { metadata: { name: longName } }, 'shorten one by 1'),

  error('selector-required', 'spec.selector', { spec: { selector: null } }),
  warning('selector-empty', 'spec.selector', { spec: { selector: {} } }),
  error('selector-key', 'spec.selector["a b"]', { spec: { selector: { 'a b': 'x' } } }),
  warning('selector-value', 'spec.selector.a', { spec: { selector: { a: 'b c' } } }),
  warning('selector-kernel-label', 'spec.selector["kmm.node.kubernetes.io/kernel-version.full"]', {
    spec: { selector: { 'kmm.node.kubernetes.io/kernel-version.full': '6.1.0' } },
  }),
  warning('nothing-to-do', 'spec', { spec: { moduleLoader: null } }),
  warning('empty-reference', 'spec.imageRepoSecret.name', { spec: { imageRepoSecret: {} } }),

  error('toleration-key', 'spec.tolerations[0].key', tolerate({ key: 'a b' })),
  error('toleration-empty-key', 'spec.tolerations[0].operator', tolerate({ effect: 'NoSchedule' })),
  error('toleration-seconds', 'spec.tolerations[0].tolerationSeconds', tolerate({ key: 'a', tolerationSeconds: 1 })),
  error('toleration-value', 'spec.tolerations[0].value', tolerate({ key: 'a', value: 'b c' })),
  error('toleration-exists-value', 'spec.tolerations[0].value', tolerate({ key: 'a', operator: 'Exists', value: 'b' })),
  error('toleration-operator', 'spec.tolerations[0].operator', tolerate({ key: 'a', operator: 'Gt' })),
  error('toleration-effect', 'spec.tolerations[0].effect', tolerate({ key: 'a', effect: 'Never' })),

  error('dra-and-device-plugin', 'spec.dra', { spec: { dra, devicePlugin } }),
  warning('dra-unsupported', 'spec.dra', { spec: { dra } }),
  error('dra-driver-name', 'spec.dra.driverName', { spec: { dra: { ...dra, driverName: '' } } }, 'required'),
  error('dra-driver-name', 'spec.dra.driverName', { spec: { dra: { ...dra, driverName: 'GPU' } } }),
  error('dra-class-name', 'spec.dra.deviceClasses[0].name', { spec: { dra: { ...dra, deviceClasses: [{}] } } }),
  error('dra-class-duplicate', 'spec.dra.deviceClasses', {
    spec: { dra: { ...dra, deviceClasses: [{ name: 'a' }, { name: 'a' }] } },
  }),
  error('dra-class-size', 'spec.dra.deviceClasses[0]', {
    spec: { dra: { ...dra, deviceClasses: [{ name: 'a', config: Array(33).fill({}) }] } },
  }),

  error('plugin-container-required', 'spec.devicePlugin.container', { spec: { devicePlugin: {} } }),
  error('plugin-image-required', 'spec.devicePlugin.container.image', { spec: { devicePlugin: { container: {} } } }),
  warning('plugin-image-reference', 'spec.devicePlugin.container.image', {
    spec: { devicePlugin: { container: { image: 'registry.example/plugin' } } },
  }),
  error('image-pull-policy', 'spec.devicePlugin.initContainer.imagePullPolicy', {
    spec: { devicePlugin: { ...devicePlugin, initContainer: { image: 'r.example/i:1', imagePullPolicy: 'always' } } },
  }),
  error('plugin-env-name', 'spec.devicePlugin.container.env', {
    spec: { devicePlugin: { container: { ...devicePlugin.container, env: [{ value: 'a' }] } } },
  }),
  error('plugin-volume-mount', 'spec.devicePlugin.container.volumeMounts', {
    spec: { devicePlugin: { container: { ...devicePlugin.container, volumeMounts: [{ name: 'v' }] } } },
  }),
  error('host-path', 'spec.devicePlugin.volumes[0].hostPath.path', {
    spec: { devicePlugin: { ...devicePlugin, volumes: [{ name: 'v', hostPath: { path: '/dev/../etc' } }] } },
  }),
  error('host-path', 'spec.dra.volumes[0].hostPath.path', {
    spec: { dra: { ...dra, volumes: [{ name: 'v', hostPath: { path: '/devil' } }] } },
  }),

  error('container-required', 'spec.moduleLoader.container', { spec: { moduleLoader: {} } }),
  error('kernel-mappings-required', `${container}.kernelMappings`, { container: { kernelMappings: null } }),
  error('kernel-mappings-required', `${container}.kernelMappings`, { mappings: [] }),
  error('kernel-mappings-required', `${container}.kernelMappings`, { mappings: Array(1001).fill({ literal: 'a' }) }),
  error('modprobe-required', `${container}.modprobe`, { container: { modprobe: null } }),
  error('version-label', `${container}.version`, { container: { version: 'v 1' } }),
  error('image-pull-policy', `${container}.imagePullPolicy`, { container: { imagePullPolicy: 'Sometimes' } }),
  error('in-tree-both', `${container}.inTreeModulesToRemove`, {
    container: { inTreeModuleToRemove: 'a', inTreeModulesToRemove: [] },
  }),
  error('in-tree-both', `${mapping}.inTreeModulesToRemove`, {
    mapping: { inTreeModuleToRemove: 'a', inTreeModulesToRemove: ['b'] },
  }),
  error('in-tree-mixed', `${mapping}.inTreeModulesToRemove`, {
    container: { inTreeModuleToRemove: 'a' },
    mapping: { inTreeModulesToRemove: [] },
  }),
  error('in-tree-mixed', `${mapping}.inTreeModulesToRemove`, {
    container: { inTreeModulesToRemove: [] },
    mapping: { inTreeModuleToRemove: 'a' },
  }),
  warning('in-tree-name', `${container}.inTreeModulesToRemove[0]`, { container: { inTreeModulesToRemove: ['a b'] } }),

  error('mapping-literal-and-regexp', mapping, { mapping: { literal: 'a', regexp: 'a' } }),
  error('mapping-kernel-required', mapping, { mapping: { regexp: null } }),
  error('regexp-syntax', `${mapping}.regexp`, regexp('(?=a)')),
  error('image-required', `${mapping}.containerImage`, image('')),

  error('image-tag', `${container}.containerImage`, image('host.example:5000/img')),
  error('image-tag', `${container}.containerImage`, image('acme/kmod')),
  error('image-reference', `${container}.containerImage`, image('http://r.example/a:b')),
  error('image-reference', `${mapping}.containerImage`, { mapping: { containerImage: 'r.example/A:${KERNEL_XYZ}' } }),
  error('image-tag', `${container}.sign.unsignedImage`, signed({ unsignedImage: 'r.example/a' })),
  warning('image-short-name', 'spec.devicePlugin.container.image', {
    spec: { devicePlugin: { container: { image: 'acme/plugin:1' } } },
  }),
  warning('image-short-name', `${container}.containerImage`, image('acme/kmod:${KERNEL_XYZ}'), 'docker.io'),
  warning('image-digest-with-build', mapping, {
    container: { build, containerImage: `r.example/a@sha256:${'a'.repeat(64)}` },
  }),
  warning('build-image-without-kernel', mapping, { container: { build, containerImage: 'r.example/a:1' } }),
  warning('kernel-components', mapping, {
    container: { containerImage: 'r.example/a:${KERNEL_XYZ}' },
    mapping: { literal: '6.1', regexp: null },
  }),
  warning('kernel-z-tail', mapping, {
    container: { containerImage: 'r.example/a:${KERNEL_XYZ}' },
    mapping: { literal: '6.12.9+deb13-amd64', regexp: null },
  }),
  warning('kernel-z-tail', mapping, {
    container: { containerImage: 'r.example/a:${KERNEL_Z}' },
    mapping: { regexp: '^6\\.12\\.\\d+\\+deb13-amd64$' },
  }),

  error('template-syntax', `${container}.containerImage`, image('r.example/a:${KERNEL_XYZ')),
  error('template-syntax', `${container}.containerImage`, image(`r.example/a:${'x'.repeat(5000)}`)),
  error('template-endless-default', `${container}.containerImage`, image('r.example/a:${X:-a$_-${KERNEL_XYZ}}')),
  ...['${V:0:3}', '${V#x}', '${V%x}', '${V/a/b}', '${V^^}', '${V:?x}', '${#V}', '${!V}', '${A:-${B}}', '${}'].map(
    (form) => error('template-shell-form', `${container}.containerImage`, image(`r.example/a:${form}`)),
  ),
  warning(
    'template-unknown-variable',
    `${container}.containerImage`,
    image('r.example/a:v$KERNEL_VERSON'),
    'KERNEL_VERSION?',
  ),
  warning('template-unknown-variable', `${container}.containerImage`, image('r.example/a:${DTK_AUTO}x'), 'OpenShift'),
  warning(
    'template-unknown-variable',
    `${container}.sign.filesToSign[0]`,
    signed({ filesToSign: ['/opt/$KERNEL/a.ko'] }),
  ),

  error('modprobe-name-required', `${container}.modprobe.moduleName`, { modprobe: { moduleName: null } }),
  error('modprobe-name-required', `${container}.modprobe.moduleName`, {
    modprobe: { moduleName: '', rawArgs: { load: ['a'] } },
  }),
  error('modprobe-raw-args-with-name', `${container}.modprobe.rawArgs`, { modprobe: { rawArgs: { load: ['a'] } } }),
  error('modprobe-name', `${container}.modprobe.moduleName`, { modprobe: { moduleName: 'a; reboot' } }),
  error('dir-name', `${container}.modprobe.dirName`, { modprobe: { dirName: '' } }),
  error('dir-name', `${container}.modprobe.dirName`, { modprobe: { dirName: 'opt' } }),
  warning('firmware-path', `${container}.modprobe.firmwarePath`, { modprobe: { firmwarePath: 'firmware' } }),
  error('modprobe-args-empty', `${container}.modprobe.args.load`, { modprobe: { args: { load: [] } } }),
  error('modprobe-args-empty', `${container}.modprobe.rawArgs.unload`, { modprobe: { rawArgs: { unload: [] } } }),
  error('loading-order-size', `${container}.modprobe.modulesLoadingOrder`, {
    modprobe: { modulesLoadingOrder: ['acme'] },
  }),
  error('loading-order-size', `${container}.modprobe.modulesLoadingOrder`, { modprobe: { modulesLoadingOrder: [] } }),
  error('loading-order-first', `${container}.modprobe.modulesLoadingOrder`, {
    modprobe: { modulesLoadingOrder: ['b', 'acme'] },
  }),
  error('loading-order-duplicate', `${container}.modprobe.modulesLoadingOrder`, {
    modprobe: { modulesLoadingOrder: ['acme', 'b', 'b'] },
  }),
  error('loading-order-name', `${container}.modprobe.modulesLoadingOrder`, {
    modprobe: { modulesLoadingOrder: ['acme', ''] },
  }),

  error('build-dockerfile-required', `${container}.build.dockerfileConfigMap`, { container: { build: {} } }),
  error('build-arg-name', `${container}.build.buildArgs[0].name`, built({ buildArgs: [{ value: 'a' }] })),
  error('build-arg-value-required', `${container}.build.buildArgs[0].value`, built({ buildArgs: [{ name: 'A' }] })),
  error('build-arg-duplicate', `${container}.build.buildArgs`, {
    ...built({
      buildArgs: [
        { name: 'A', value: '' },
        { name: 'A', value: '' },
      ],
    }),
  }),
  warning(
    'build-arg-built-in',
    `${container}.build.buildArgs[0].name`,
    built({ buildArgs: [{ name: 'MOD_NAME', value: 'x' }] }),
  ),
  warning(
    'dtk-auto',
    `${container}.build.buildArgs[0]`,
    built({ buildArgs: [{ name: 'DTK_AUTO', value: 'x' }] }),
    'FROM',
  ),
  warning('kaniko-ignored', `${container}.build.kanikoParams`, built({ kanikoParams: {} })),
  warning('empty-reference', `${container}.build.dockerfileConfigMap.name`, built({ dockerfileConfigMap: {} })),
  warning('empty-reference', `${container}.build.secrets`, built({ secrets: [{}] })),
  warning('build-selector-key', `${container}.build.selector["a b"]`, built({ selector: { 'a b': '' } })),

  error('sign-files-required', `${container}.sign.filesToSign`, signed({ filesToSign: [] })),
  error('sign-key-required', `${container}.sign.keySecret.name`, signed({ keySecret: {} })),
  error('sign-cert-required', `${container}.sign.certSecret.name`, signed({ certSecret: null })),
  error('sign-source-required', `${container}.sign.unsignedImage`, signed({ unsignedImage: null })),
  error('sign-file-outside', `${container}.sign.filesToSign[0]`, signed({ filesToSign: ['/optional/a.ko'] })),
  error('sign-file-escapes', `${container}.sign.filesToSign[0]`, signed({ filesToSign: ['/opt/../a.ko'] })),
  warning('sign-level-incomplete', `${mapping}.sign`, {
    container: { sign },
    mapping: { sign: { filesToSign: ['/opt/b.ko'] } },
  }),

  warning('regexp-control-character', `${mapping}.regexp`, regexp('^.+\\fc37\\.x86_64$'), '\\.fc37'),
  warning('regexp-control-character', `${mapping}.regexp`, regexp('^.+\fc37$')),
  warning('regexp-unescaped-dot', `${mapping}.regexp`, regexp('^6.1.0-')),
  warning('regexp-unanchored-start', `${mapping}.regexp`, regexp('6\\.1\\.0-')),
  warning('regexp-unanchored-end', `${mapping}.regexp`, regexp('^6\\.1')),
  warning('regexp-anchored-branch', `${mapping}.regexp`, regexp('^a|b$')),
  warning('regexp-trailing-plus', `${mapping}.regexp`, regexp('^6\\.1\\.0\\+$')),
  warning('literal-trailing-plus', `${mapping}.literal`, { mapping: { literal: '6.1.0+', regexp: null } }),
  warning('literal-no-kernel', `${mapping}.literal`, { mapping: { literal: '^6.*$', regexp: null } }),
  warning('mapping-unreachable', `${container}.kernelMappings[1]`, {
    mappings: [{ literal: '6.1.0' }, { literal: '6.1.0' }],
  }),
  warning('mapping-unreachable', `${container}.kernelMappings[1]`, {
    mappings: [{ regexp: '^.*$' }, { regexp: 'el9' }],
  }),
  warning('mapping-unreachable', `${container}.kernelMappings[1]`, {
    mappings: [{ regexp: 'el9' }, { literal: '5.14.0.el9' }],
  }),
  warning('kernel-label-collision', `${container}.kernelMappings[1].literal`, {
    mappings: [{ literal: '6.1.0+a' }, { literal: '6.1.0~a' }],
  }),

  warning(
    'annotation-value',
    'metadata.annotations["kmm.node.kubernetes.io/loader-shape"]',
    annotate('loader-shape', 'x'),
  ),
  warning('annotation-value', 'metadata.annotations["kmm.node.kubernetes.io/paused"]', annotate('paused', 'yes')),
  warning(
    'annotation-unknown',
    'metadata.annotations["kmm.node.kubernetes.io/folow-tag"]',
    annotate('folow-tag', 'false'),
    'follow-tag?',
  ),
  warning('unknown-field', `${container}.modprobe.modulename`, { modprobe: { modulename: 'x' } }, 'moduleName?'),
];

for (const { rule, severity, path, module, says } of cases) {
  test(`${rule} (${severity}) is found at ${path} of ${JSON.stringify(module).slice(0, 90)}`, () => {
    const found = lintModule(rawModule(module)).filter((finding) => finding.rule === rule);
    assert.deepEqual(
      found.map((finding) => [finding.severity, finding.path]),
      [[severity, path]],
    );
    assert.ok(found[0]?.message.includes(says ?? ''), found[0]?.message);
  });
}

test('another kind or version is no Module', () => {
  const rules = lintModule({ ...rawModule(), kind: 'Deployment', apiVersion: 'apps/v1' }).map(({ rule }) => rule);
  assert.deepEqual(rules, ['kind', 'api-version']);
});

test("a Dockerfile that waits for OpenShift's DTK_AUTO is told what to write", () => {
  const configMap = (dockerfile: string) => ({ kind: 'ConfigMap', metadata: { name: 'd' }, data: { dockerfile } });
  const [finding] = lintDockerfile(configMap('ARG DTK_AUTO\nFROM ${DTK_AUTO}\n'));
  assert.deepEqual([finding?.module, finding?.rule, finding?.path], ['d', 'dtk-auto', 'data.dockerfile']);
  assert.deepEqual(lintDockerfile(configMap('FROM fedora:37')), []);
  assert.deepEqual(lintDockerfile({ metadata: { name: 'd' }, data: { other: 'DTK_AUTO' } }), []);
});

test('every rule has a case here', () => {
  const tested = new Set([...cases.map(({ rule }) => rule), 'kind', 'api-version']);
  const untested = [...decidingRules, ...warningRules].flatMap(({ ids }) => ids).filter((id) => !tested.has(id));
  assert.deepEqual(untested, []);
});

test('every rule that makes a Module invalid is among those that functions ask', () => {
  const asked = new Set(decidingRules.flatMap(({ ids }) => ids));
  const found = cases.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
  assert.deepEqual(
    found.filter((rule) => !asked.has(rule)),
    [],
  );
});

const fine: [string, ModuleOverrides][] = [
  ['a plain Module', {}],
  ['one with a build', { container: { build } }],
  ['one with a signing', { container: { sign } }],
  ['one with build, signing and no unsigned image', { container: { build, sign: { ...sign, unsignedImage: null } } }],
  ['a device plugin alone', { spec: { moduleLoader: null, devicePlugin } }],
  [
    'rawArgs without a name',
    { modprobe: { moduleName: '', rawArgs: { load: ['-d', '/opt', 'a'], unload: ['-r', 'a'] } } },
  ],
  ['a dirName with a final slash', { modprobe: { dirName: '/opt/' }, container: { sign } }],
  ['names of 41 characters', { metadata: { name: 'n'.repeat(38) } }],
  ['a negative tolerationSeconds', tolerate({ key: 'a', effect: 'NoExecute', tolerationSeconds: -1 })],
  ['a toleration of everything', tolerate({ operator: 'Exists' })],
  ['an unknown variable with a default', image('r.example/a:${X:-latest}')],
  ['an escaped dollar in a file', signed({ filesToSign: ['/opt/$$a.ko'] })],
  ['annotations of others', { metadata: { annotations: { constructor: 'x', 'example.com/a': 'b' } } }],
  [
    'fields of core types that we do not know',
    {
      spec: { devicePlugin: { container: { ...devicePlugin.container, env: [{ name: 'A', future: 1 }] } } },
    },
  ],
  [
    'hostPaths under the open directories',
    {
      spec: {
        devicePlugin: {
          ...devicePlugin,
          volumes: ['/dev', '/sys/a', '//var/lib/./x', '/opt/', '/run/y/../z'].map((path) => ({
            name: 'v',
            hostPath: { path },
          })),
        },
      },
    },
  ],
];
for (const [name, module] of fine) {
  test(`nothing is found in ${name}`, () => assert.deepEqual(lintModule(rawModule(module)), []));
}
