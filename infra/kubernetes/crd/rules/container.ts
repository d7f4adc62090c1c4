import { type CelRule, celRegexp } from '../cel-rule.ts';
import { labelValue } from './patterns.ts';

/** A rule on each mapping `m`. Through `?` the estimate of costs would lose sight of how many there may be. */
export function eachMapping(condition: string): string {
  return `!has(self.kernelMappings) || self.kernelMappings.all(m, ${condition})`;
}

export const loaderRules: readonly CelRule[] = [
  {
    id: 'container-required',
    rule: 'has(self.container)',
    says: 'required: kernelMappings and modprobe; leave moduleLoader out if only a device plugin is wanted',
    at: '.container',
    required: true,
  },
];

/** At the container and at each mapping: the two fields for one thing. */
export const inTreeRules: readonly CelRule[] = [
  {
    id: 'in-tree-both',
    rule: "!has(self.inTreeModulesToRemove) || self.?inTreeModuleToRemove.orValue('') == ''",
    says: 'inTreeModulesToRemove and inTreeModuleToRemove exclude each other: move the name into the list',
    at: '.inTreeModulesToRemove',
  },
];

export const containerRules: readonly CelRule[] = [
  {
    id: 'kernel-mappings-required',
    rule: 'has(self.kernelMappings) && self.kernelMappings.size() > 0',
    says: "at least one is needed, as {regexp: '^.+$', containerImage: …}",
    at: '.kernelMappings',
    required: true,
  },
  {
    id: 'modprobe-required',
    rule: 'has(self.modprobe)',
    says: 'required: name the kernel module in modprobe.moduleName',
    at: '.modprobe',
    required: true,
  },
  ...inTreeRules,
  {
    id: 'in-tree-mixed',
    rule: eachMapping(
      [
        "!(has(m.inTreeModulesToRemove) && self.?inTreeModuleToRemove.orValue('') != '')",
        "!(has(self.inTreeModulesToRemove) && m.?inTreeModuleToRemove.orValue('') != '')",
      ].join(' && '),
    ),
    says: 'container and mapping must use the same field: write inTreeModulesToRemove in both',
    at: '.inTreeModulesToRemove',
  },
  {
    id: 'image-required',
    rule: eachMapping("self.?containerImage.orValue('') != '' || m.?containerImage.orValue('') != ''"),
    says: 'required: name the image here or once for all mappings in container.containerImage',
    at: '.kernelMappings',
  },
];

export const versionRules: readonly CelRule[] = [
  {
    id: 'version-label',
    rule: `self.matches(${celRegexp(labelValue)})`,
    says: '"{}" can\'t be a label value, which it becomes: up to 63 letters, digits, "-", "_" and "."',
    value: 'self',
  },
];

/** At each mapping. */
export const mappingRules: readonly CelRule[] = [
  {
    id: 'mapping-literal-and-regexp',
    rule: "self.?literal.orValue('') == '' || self.?regexp.orValue('') == ''",
    says: 'literal and regexp exclude each other: make two mappings of it',
  },
  {
    id: 'mapping-kernel-required',
    rule: "self.?literal.orValue('') != '' || self.?regexp.orValue('') != ''",
    says: "it matches no kernel: set literal to a `uname -r`, or regexp, as '^.+$' for all",
  },
  ...inTreeRules,
];

export const regexpRules: readonly CelRule[] = [
  {
    // A pattern that does not compile is an error of the evaluation, which refuses the object with this message.
    id: 'regexp-syntax',
    rule: "[''.matches(self)].size() == 1",
    says: 'no RE2 regexp: https://github.com/google/re2/wiki/Syntax',
  },
];
