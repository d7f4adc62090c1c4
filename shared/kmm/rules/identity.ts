import type { Module } from '../module.ts';
import { isDnsLabel, isDnsSubdomain } from './kubernetes-names.ts';
import { one, type Rule, ruleSet } from './rule.ts';

export const longestNames = 41;

const rules: Rule<Module>[] = [
  {
    id: 'kind',
    severity: 'error',
    at: 'kind',
    why: ({ kind }) => (kind === undefined || kind === 'Module' ? undefined : `this is a ${kind}, not a Module`),
  },
  {
    id: 'api-version',
    severity: 'error',
    at: 'apiVersion',
    why: ({ apiVersion }) =>
      apiVersion === undefined || apiVersion === 'kmm.sigs.x-k8s.io/v1beta1'
        ? undefined
        : `${apiVersion} is not known: write kmm.sigs.x-k8s.io/v1beta1`,
  },
  {
    id: 'name',
    severity: 'error',
    at: 'metadata.name',
    why: ({ metadata }) =>
      isDnsSubdomain(metadata.name) ? undefined : 'no object name: lower-case letters, digits, "-" and "." only',
  },
  {
    id: 'namespace',
    severity: 'error',
    at: 'metadata.namespace',
    why: ({ metadata }) =>
      isDnsLabel(metadata.namespace || 'default')
        ? undefined
        : 'no namespace name: lower-case letters, digits and "-" only',
  },
  {
    id: 'name-length',
    severity: 'error',
    at: 'metadata.name',
    why: ({ metadata }) => {
      const length = metadata.name.length + (metadata.namespace || 'default').length;
      if (length <= longestNames) return undefined;
      return `name and namespace have ${length} characters together, ${longestNames} at most fit into the keys of node labels: shorten one by ${length - longestNames}`;
    },
  },
];

export const identityRules = ruleSet(({ module }) => one('', module), rules);
