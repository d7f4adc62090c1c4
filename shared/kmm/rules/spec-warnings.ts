import type { Module } from '../module.ts';
import { one, type Rule, ruleSet } from './rule.ts';

const rules: Rule<Module>[] = [
  {
    id: 'selector-empty',
    severity: 'warning',
    at: 'spec.selector',
    why: ({ spec }) =>
      spec.selector !== undefined && Object.keys(spec.selector).length === 0
        ? 'it is empty and so selects every node, control planes too: name a label if that is not meant'
        : undefined,
  },
  {
    id: 'nothing-to-do',
    severity: 'warning',
    at: 'spec',
    why: ({ spec }) =>
      spec.moduleLoader || spec.devicePlugin || spec.dra
        ? undefined
        : 'it has no moduleLoader, devicePlugin or dra, so nothing is done: add one',
  },
  {
    id: 'dra-unsupported',
    severity: 'warning',
    at: 'spec.dra',
    why: ({ spec }) =>
      spec.dra ? 'dra is checked and kept, but nothing is made for it yet: use devicePlugin until it is' : undefined,
  },
  {
    id: 'empty-reference',
    severity: 'warning',
    at: 'spec.imageRepoSecret.name',
    why: ({ spec }) =>
      spec.imageRepoSecret?.name === '' ? 'it names no Secret: write its name or leave it out' : undefined,
  },
];

export const specWarnings = ruleSet(({ module }) => one('', module), rules);
