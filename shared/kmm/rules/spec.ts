import type { Module } from '../module.ts';
import { one, type Rule, ruleSet } from './rule.ts';

const rules: Rule<Module>[] = [
  {
    id: 'selector-required',
    severity: 'error',
    at: 'spec.selector',
    why: ({ spec }) =>
      spec.selector === undefined
        ? 'required: name the labels of the nodes that shall get the module, as node-role.kubernetes.io/worker: ""'
        : undefined,
  },
  {
    id: 'dra-and-device-plugin',
    severity: 'error',
    at: 'spec.dra',
    why: ({ spec }) =>
      spec.dra && spec.devicePlugin ? 'dra and devicePlugin exclude each other: keep one of them' : undefined,
  },
];

export const specRules = ruleSet(({ module }) => one('', module), rules);
