import { build, devicePlugin, dra, type ModuleOverrides, sign } from './module.ts';

/** A Module that breaks one rule of lint which is an error. */
export interface RefusedModule {
  rule: string;
  module: ModuleOverrides;
  /** What the API server says where it can't say lint's own sentence. */
  says?: string;
}

const spec = (fields: ModuleOverrides['spec'] & object): ModuleOverrides => ({ spec: fields });
const container = (fields: ModuleOverrides['container'] & object): ModuleOverrides => ({ container: fields });
const modprobe = (fields: ModuleOverrides['modprobe'] & object): ModuleOverrides => ({ modprobe: fields });
const mapping = (fields: ModuleOverrides['mapping'] & object): ModuleOverrides => ({ mapping: fields });
const image = (containerImage: string) => container({ containerImage });
const tolerate = (toleration: object) => spec({ tolerations: [toleration] });
const driver = (fields: object) => spec({ dra: { ...dra, ...fields } });
const plugin = (fields: object) => spec({ devicePlugin: { container: { ...devicePlugin.container, ...fields } } });
const mounted = (path: string) =>
  spec({ devicePlugin: { ...devicePlugin, volumes: [{ name: 'v', hostPath: { path } }] } });
const built = (fields: object) => container({ build: { ...build, ...fields } });
const signed = (fields: object) => container({ sign: { ...sign, ...fields } });

const readable = "image reference can't be read";
const tagged = 'image has neither a tag nor a digest';
const shellForm = 'only $VAR, ${VAR} and ${VAR:-text} (also - = := + :+) are known, no other shell form';

/** Refused by the API server as by lint, for the reason that lint gives. */
export const refusedModules: readonly RefusedModule[] = [
  { rule: 'name', module: { metadata: { name: 'Acme' } }, says: 'a lowercase RFC 1123 subdomain' },
  { rule: 'name-length', module: { metadata: { name: 'n'.repeat(39) } } },
  { rule: 'schema', module: container({ version: 1 }), says: 'must be of type string' },

  { rule: 'selector-required', module: spec({ selector: null }) },
  { rule: 'selector-key', module: spec({ selector: { 'a b': 'x' } }) },
  { rule: 'selector-key', module: spec({ selector: { fine: 'x', '/a': 'x' } }) },
  { rule: 'selector-key', module: spec({ selector: { [`${'p'.repeat(254)}/a`]: 'x' } }) },
  { rule: 'dra-and-device-plugin', module: spec({ dra, devicePlugin }) },

  { rule: 'toleration-key', module: tolerate({ key: 'a b' }) },
  { rule: 'toleration-empty-key', module: tolerate({ effect: 'NoSchedule' }) },
  { rule: 'toleration-seconds', module: tolerate({ key: 'a', tolerationSeconds: 1 }) },
  { rule: 'toleration-value', module: tolerate({ key: 'a', value: 'b c' }) },
  { rule: 'toleration-exists-value', module: tolerate({ key: 'a', operator: 'Exists', value: 'b' }) },
  { rule: 'toleration-operator', module: tolerate({ key: 'a', operator: 'Gt' }) },
  { rule: 'toleration-effect', module: tolerate({ key: 'a', effect: 'Never' }) },

  { rule: 'dra-driver-name', module: driver({ driverName: '' }) },
  { rule: 'dra-driver-name', module: driver({ driverName: 'GPU' }) },
  { rule: 'dra-class-name', module: driver({ deviceClasses: [{}] }) },
  { rule: 'dra-class-name', module: driver({ deviceClasses: [{ name: 'A' }] }) },
  { rule: 'dra-class-duplicate', module: driver({ deviceClasses: [{ name: 'a' }, { name: 'a' }] }), says: 'twice' },
  { rule: 'dra-class-size', module: driver({ deviceClasses: [{ name: 'a', config: Array(33).fill({}) }] }) },

  { rule: 'plugin-container-required', module: spec({ devicePlugin: {} }) },
  { rule: 'plugin-image-required', module: spec({ devicePlugin: { container: {} } }) },
  { rule: 'image-pull-policy', module: plugin({ imagePullPolicy: 'always' }) },
  { rule: 'plugin-env-name', module: plugin({ env: [{ value: 'a' }] }) },
  { rule: 'plugin-volume-mount', module: plugin({ volumeMounts: [{ name: 'v' }] }) },
  { rule: 'host-path', module: mounted('/dev/../etc'), says: 'is not open to Modules: use a path at or under /dev' },
  { rule: 'host-path', module: mounted('/devil'), says: 'is not open to Modules' },
  { rule: 'host-path', module: mounted('dev/x'), says: 'is not open to Modules' },

  { rule: 'container-required', module: spec({ moduleLoader: {} }) },
  { rule: 'kernel-mappings-required', module: container({ kernelMappings: null }) },
  { rule: 'kernel-mappings-required', module: { mappings: [] } },
  {
    rule: 'kernel-mappings-required',
    module: { mappings: Array(1001).fill({ literal: 'a' }) },
    says: 'must have at most 1000 items',
  },
  { rule: 'modprobe-required', module: container({ modprobe: null }) },
  { rule: 'version-label', module: container({ version: 'v 1' }) },
  { rule: 'image-pull-policy', module: container({ imagePullPolicy: 'Sometimes' }) },
  { rule: 'in-tree-both', module: container({ inTreeModuleToRemove: 'a', inTreeModulesToRemove: [] }) },
  { rule: 'in-tree-both', module: mapping({ inTreeModuleToRemove: 'a', inTreeModulesToRemove: ['b'] }) },
  {
    rule: 'in-tree-mixed',
    module: { container: { inTreeModuleToRemove: 'a' }, mapping: { inTreeModulesToRemove: [] } },
  },
  {
    rule: 'in-tree-mixed',
    module: { container: { inTreeModulesToRemove: [] }, mapping: { inTreeModuleToRemove: 'a' } },
  },

  { rule: 'mapping-literal-and-regexp', module: mapping({ literal: 'a', regexp: 'a' }) },
  { rule: 'mapping-kernel-required', module: mapping({ regexp: null }) },
  ...['(?=a)', '(', 'a{2,1}', '\\8', '[z-a]'].map((regexp) => ({
    rule: 'regexp-syntax',
    module: mapping({ regexp }),
    says: 'no RE2 regexp: https://github.com/google/re2/wiki/Syntax',
  })),
  { rule: 'image-required', module: image('') },

  { rule: 'image-tag', module: image('host.example:5000/img'), says: tagged },
  { rule: 'image-tag', module: image('acme/kmod'), says: tagged },
  { rule: 'image-tag', module: signed({ unsignedImage: 'r.example/a' }), says: tagged },
  { rule: 'image-reference', module: image('http://r.example/a:b'), says: readable },
  { rule: 'image-reference', module: mapping({ containerImage: 'r.example/A:${KERNEL_XYZ}' }), says: readable },
  ...['a b:c', 'r.example/a:b:c', ':', 'a:b c'].map((text) => ({
    rule: 'image-reference',
    module: image(text),
    says: readable,
  })),

  { rule: 'template-syntax', module: image('r.example/a:${KERNEL_XYZ') },
  { rule: 'template-syntax', module: image(`r.example/a:${'x'.repeat(5000)}`), says: 'may not be more than 512' },
  { rule: 'template-endless-default', module: image('r.example/a:${X:-a$_-${KERNEL_XYZ}}') },
  ...['${V:0:3}', '${V#x}', '${V%x}', '${V/a/b}', '${V^^}', '${V:?x}', '${#V}', '${!V}', '${}'].map((form) => ({
    rule: 'template-shell-form',
    module: image(`r.example/a:${form}`),
    says: shellForm,
  })),

  { rule: 'modprobe-name-required', module: modprobe({ moduleName: null }) },
  { rule: 'modprobe-name-required', module: modprobe({ moduleName: '', rawArgs: { load: ['a'] } }) },
  { rule: 'modprobe-raw-args-with-name', module: modprobe({ rawArgs: { load: ['a'] } }) },
  { rule: 'modprobe-name', module: modprobe({ moduleName: 'a; reboot' }) },
  { rule: 'dir-name', module: modprobe({ dirName: '' }) },
  { rule: 'dir-name', module: modprobe({ dirName: 'opt' }) },
  { rule: 'modprobe-args-empty', module: modprobe({ args: { load: [] } }) },
  { rule: 'modprobe-args-empty', module: modprobe({ rawArgs: { unload: [] } }) },
  { rule: 'loading-order-size', module: modprobe({ modulesLoadingOrder: ['acme'] }) },
  { rule: 'loading-order-size', module: modprobe({ modulesLoadingOrder: [] }) },
  { rule: 'loading-order-first', module: modprobe({ modulesLoadingOrder: ['b', 'acme'] }) },
  { rule: 'loading-order-duplicate', module: modprobe({ modulesLoadingOrder: ['acme', 'b', 'b'] }) },
  { rule: 'loading-order-name', module: modprobe({ modulesLoadingOrder: ['acme', ''] }) },

  { rule: 'build-dockerfile-required', module: container({ build: {} }) },
  { rule: 'build-dockerfile-required', module: mapping({ build: {} }) },
  { rule: 'build-arg-name', module: built({ buildArgs: [{ name: '', value: 'a' }] }) },
  { rule: 'build-arg-name', module: built({ buildArgs: [{ value: 'a' }] }), says: 'buildArgs[0].name: Required value' },
  { rule: 'build-arg-value-required', module: built({ buildArgs: [{ name: 'A' }] }) },
  {
    rule: 'build-arg-duplicate',
    module: built({ buildArgs: Array(2).fill({ name: 'A', value: '' }) }),
    says: 'Duplicate value',
  },

  { rule: 'sign-files-required', module: signed({ filesToSign: [] }) },
  { rule: 'sign-key-required', module: signed({ keySecret: {} }) },
  { rule: 'sign-key-required', module: { ...signed({}), mapping: { sign: { keySecret: { name: '' } } } } },
  { rule: 'sign-cert-required', module: signed({ certSecret: null }) },
  { rule: 'sign-source-required', module: signed({ unsignedImage: null }) },
  {
    rule: 'sign-file-outside',
    module: signed({ filesToSign: ['/optional/a.ko'] }),
    says: 'is not under modprobe.dirName (/opt): correct one of the two',
  },
  {
    rule: 'sign-file-outside',
    module: { modprobe: { dirName: '/mods' }, mapping: { sign }, container: { sign: { ...sign, filesToSign: null } } },
    says: 'is not under modprobe.dirName (/mods): correct one of the two',
  },
  { rule: 'sign-file-escapes', module: signed({ filesToSign: ['/opt/../a.ko'] }) },
];

/** Refused by lint, and by the functions (the Module becomes Invalid), but taken by the API server, which can't tell. */
export const lintOnly: readonly (Pick<RefusedModule, 'rule' | 'module'> & { because: string })[] = [
  {
    rule: 'image-reference',
    module: image('r.example/a:$KERNEL'),
    because: 'only with its variables replaced it is seen that the tag is empty',
  },
  {
    rule: 'image-tag',
    module: image('r.example/a${X:-b}'),
    because: 'a ":" in a default counts as one before a tag',
  },
  ...['r.example//a:b', 'r.example/a..b:c', 'Team/app:v1', `r.example/a:${'t'.repeat(129)}`].map((text) => ({
    rule: 'image-reference',
    module: image(text),
    because: 'the whole grammar of references costs more than a rule may cost for 1,000 mappings',
  })),
  {
    rule: 'template-shell-form',
    module: {
      container: { sign: { ...sign, filesToSign: null } },
      mapping: { sign: { filesToSign: ['/opt/${V#x}'] } },
    },
    because: 'a regexp for 64 files in each of 1,000 mappings costs more than a rule may cost',
  },
  {
    rule: 'template-shell-form',
    module: image('${_}r.example/a:b'),
    because: 'that KMM takes "${_}" for text is a quirk of its engine',
  },
  {
    rule: 'regexp-syntax',
    module: mapping({ regexp: 'a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}' }),
    because: 'it compiles; lint bounds the work of our own engine',
  },
  {
    rule: 'sign-file-outside',
    module: { modprobe: { dirName: '/mods//' }, container: { sign } },
    because: 'two slashes at the end of dirName can not be taken off',
  },
];

/** Taken by lint, but refused by the API server: where CEL can't follow it is on the safe side. */
export const crdOnly: readonly (Pick<RefusedModule, 'module'> & { because: string; says: string })[] = [
  {
    module: mounted('/dev/x/../y'),
    because: 'CEL can not take ".." back, so every path with it is refused',
    says: 'is not open to Modules',
  },
  {
    module: image(`r.example/a:${'${KERNEL_X:-0}'.repeat(40)}`),
    because: 'the limit that makes the rules on images affordable',
    says: 'may not be more than 512',
  },
];

/** Not lint's affair alone: an object of another kind, or a namespace of that name, never gets as far as a Module. */
export const refusedBefore: ReadonlySet<string> = new Set(['kind', 'api-version', 'namespace']);
