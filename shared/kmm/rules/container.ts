import { containerPath, mostMappings } from '../checked-module.ts';
import type { ModuleLoader, ModuleLoaderContainer } from '../module.ts';
import { isLabelValue } from './kubernetes-names.ts';
import { isPullPolicy, pullPolicyReason } from './pull-policy.ts';
import { one, type Rule, ruleSet } from './rule.ts';

const loaderRule: Rule<ModuleLoader> = {
  id: 'container-required',
  severity: 'error',
  at: 'container',
  why: ({ container }) =>
    container === undefined
      ? 'required: kernelMappings and modprobe; leave moduleLoader out if only a device plugin is wanted'
      : undefined,
};

const rules: Rule<ModuleLoaderContainer>[] = [
  {
    id: 'kernel-mappings-required',
    severity: 'error',
    at: 'kernelMappings',
    why: ({ kernelMappings }) => {
      const count = kernelMappings?.length ?? 0;
      if (count > mostMappings) return `${count} mappings are too many: write regexps, at most ${mostMappings} in all`;
      return count > 0 ? undefined : "at least one is needed, as {regexp: '^.+$', containerImage: …}";
    },
  },
  {
    id: 'modprobe-required',
    severity: 'error',
    at: 'modprobe',
    why: ({ modprobe }) =>
      modprobe === undefined ? 'required: name the kernel module in modprobe.moduleName' : undefined,
  },
  {
    id: 'version-label',
    severity: 'error',
    at: 'version',
    why: ({ version }) =>
      isLabelValue(version ?? '')
        ? undefined
        : `"${version}" can't be a label value, which it becomes: up to 63 letters, digits, "-", "_" and "."`,
  },
  {
    id: 'image-pull-policy',
    severity: 'error',
    at: 'imagePullPolicy',
    why: ({ imagePullPolicy }) => (isPullPolicy(imagePullPolicy) ? undefined : pullPolicyReason(imagePullPolicy)),
  },
  {
    id: 'in-tree-both',
    severity: 'error',
    at: 'inTreeModulesToRemove',
    why: ({ inTreeModulesToRemove, inTreeModuleToRemove }) =>
      inTreeModulesToRemove !== undefined && inTreeModuleToRemove
        ? 'inTreeModulesToRemove and inTreeModuleToRemove exclude each other: move the name into the list'
        : undefined,
  },
];

export const loaderRules = ruleSet(({ module }) => one('spec.moduleLoader', module.spec.moduleLoader), [loaderRule]);
export const containerRules = ruleSet(({ container }) => one(containerPath, container), rules);
