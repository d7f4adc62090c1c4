import type { CheckedModule, EffectiveMapping } from '../checked-module.ts';
import { compileKernelRegexp } from '../kernel-regexp.ts';
import { type Rule, ruleSet } from './rule.ts';

const rules: Rule<EffectiveMapping>[] = [
  {
    id: 'mapping-literal-and-regexp',
    severity: 'error',
    why: ({ mapping }) =>
      mapping.literal && mapping.regexp ? 'literal and regexp exclude each other: make two mappings of it' : undefined,
  },
  {
    id: 'mapping-kernel-required',
    severity: 'error',
    why: ({ mapping }) =>
      mapping.literal || mapping.regexp
        ? undefined
        : "it matches no kernel: set literal to a `uname -r`, or regexp, as '^.+$' for all",
  },
  {
    id: 'regexp-syntax',
    severity: 'error',
    at: 'regexp',
    why: ({ mapping }) => {
      const regexp = compileKernelRegexp(mapping.regexp ?? '');
      return regexp.kind === 'invalid'
        ? `no RE2 regexp (${regexp.reason}): https://github.com/google/re2/wiki/Syntax`
        : undefined;
    },
  },
  {
    id: 'image-required',
    severity: 'error',
    at: 'containerImage',
    why: ({ image }) =>
      image === '' ? 'required: name the image here or once for all mappings in container.containerImage' : undefined,
  },
  {
    id: 'in-tree-both',
    severity: 'error',
    at: 'inTreeModulesToRemove',
    why: ({ mapping }) =>
      mapping.inTreeModulesToRemove !== undefined && mapping.inTreeModuleToRemove
        ? 'inTreeModulesToRemove and inTreeModuleToRemove exclude each other: move the name into the list'
        : undefined,
  },
  { id: 'in-tree-mixed', severity: 'error', at: 'inTreeModulesToRemove', why: whyMixed },
];

export const mappingRules = ruleSet(
  ({ mappings }) => mappings.map((subject) => ({ path: subject.path, subject })),
  rules,
);

function whyMixed({ mapping }: EffectiveMapping, { container }: CheckedModule): string | undefined {
  const mixed =
    (mapping.inTreeModulesToRemove !== undefined && container?.inTreeModuleToRemove) ||
    (mapping.inTreeModuleToRemove && container?.inTreeModulesToRemove !== undefined);
  return mixed ? 'container and mapping must use the same field: write inTreeModulesToRemove in both' : undefined;
}
