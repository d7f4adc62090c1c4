import type { CheckedModule } from '../checked-module.ts';
import { readImageReference, whyShortName } from '../image-reference.ts';
import type { DevicePlugin, PluginContainer, Volume } from '../module.ts';
import { isPullPolicy, pullPolicyReason } from './pull-policy.ts';
import { eachOf, type Located, one, type Rule, ruleSet } from './rule.ts';

const allowedHostPaths = ['/dev', '/sys', '/var', '/opt', '/run'];

const pluginRule: Rule<DevicePlugin> = {
  id: 'plugin-container-required',
  severity: 'error',
  at: 'container',
  why: ({ container }) => (container === undefined ? 'required: name at least its image' : undefined),
};

const containerRules: Rule<PluginContainer>[] = [
  {
    id: 'plugin-image-required',
    severity: 'error',
    at: 'image',
    why: ({ image }) => (image === undefined ? 'required: name the image of this container' : undefined),
  },
  {
    id: 'plugin-image-reference',
    severity: 'warning',
    at: 'image',
    why: ({ image }) => {
      const read = image === undefined ? undefined : readImageReference(image);
      return read?.kind === 'invalid' ? read.reason : undefined;
    },
  },
  { id: 'image-short-name', severity: 'warning', at: 'image', why: ({ image }) => whyShortName(image ?? '') },
  {
    id: 'image-pull-policy',
    severity: 'error',
    at: 'imagePullPolicy',
    why: ({ imagePullPolicy }) => (isPullPolicy(imagePullPolicy) ? undefined : pullPolicyReason(imagePullPolicy)),
  },
  {
    id: 'plugin-env-name',
    severity: 'error',
    at: 'env',
    why: ({ env }) => (env?.every(({ name }) => isText(name)) === false ? 'each variable needs a name' : undefined),
  },
  {
    id: 'plugin-volume-mount',
    severity: 'error',
    at: 'volumeMounts',
    why: ({ volumeMounts }) =>
      volumeMounts?.every(({ name, mountPath }) => isText(name) && isText(mountPath)) === false
        ? 'each mount needs a name (of a volume) and a mountPath'
        : undefined,
  },
];

const volumeRule: Rule<Volume> = {
  id: 'host-path',
  severity: 'error',
  at: 'hostPath.path',
  why: ({ hostPath }) => {
    if (hostPath === undefined || isAllowed(cleanPath(hostPath.path))) return undefined;
    return `"${hostPath.path}" is not open to Modules: use a path at or under ${allowedHostPaths.join(', ')}`;
  },
};

const plugins = ({ module }: CheckedModule): Located<DevicePlugin>[] => [
  ...one('spec.devicePlugin', module.spec.devicePlugin),
  ...one('spec.dra', module.spec.dra),
];

export const pluginRules = ruleSet(plugins, [pluginRule]);

export const pluginContainerRules = ruleSet(
  (checked) =>
    plugins(checked).flatMap(({ path, subject }) => [
      ...one(`${path}.container`, subject.container),
      ...one(`${path}.initContainer`, subject.initContainer),
    ]),
  containerRules,
);

export const volumeRules = ruleSet(
  (checked) => plugins(checked).flatMap(({ path, subject }) => eachOf(`${path}.volumes`, subject.volumes)),
  [volumeRule],
);

const isText = (value: unknown): boolean => typeof value === 'string';

function isAllowed(path: string): boolean {
  return allowedHostPaths.some((allowed) => path === allowed || path.startsWith(`${allowed}/`));
}

/** Without `.`, `..` and doubled slashes; a relative path stays relative and so is never allowed. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
