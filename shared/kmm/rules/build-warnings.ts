import { dtkAutoMessage } from '../lint-dockerfile.ts';
import type { Build, BuildArg } from '../module.ts';
import { buildArgs, builds } from './build.ts';
import { type Located, type Rule, ruleSet } from './rule.ts';

/** What KMM and we hand to every build by ourselves. */
const builtInArgs = ['KERNEL_VERSION', 'KERNEL_FULL_VERSION', 'MOD_NAME', 'MOD_NAMESPACE'];

const rules: Rule<Build>[] = [
  {
    id: 'empty-reference',
    severity: 'warning',
    at: 'dockerfileConfigMap.name',
    why: ({ dockerfileConfigMap }) =>
      dockerfileConfigMap?.name === '' ? 'it names no ConfigMap: write its name' : undefined,
  },
  {
    id: 'empty-reference',
    severity: 'warning',
    at: 'secrets',
    why: ({ secrets }) => (secrets?.some(({ name }) => name === '') ? 'one of them has no name: write it' : undefined),
  },
  {
    id: 'kaniko-ignored',
    severity: 'warning',
    at: 'kanikoParams',
    why: ({ kanikoParams }) =>
      kanikoParams ? 'images are not built by kaniko here, so this changes nothing: remove it' : undefined,
  },
];

const argRules: Rule<Located<BuildArg>>[] = [
  {
    id: 'build-arg-built-in',
    severity: 'warning',
    at: 'name',
    why: ({ subject }) =>
      builtInArgs.includes(subject.name)
        ? `${subject.name} is always set to our own value: take another name`
        : undefined,
  },
  {
    id: 'dtk-auto',
    severity: 'warning',
    why: ({ subject }) => (subject.name === 'DTK_AUTO' ? dtkAutoMessage : undefined),
  },
];

export const buildWarnings = ruleSet(builds, rules);
export const buildArgWarnings = ruleSet(buildArgs, argRules);
