import { type CheckedModule, containerPath } from '../checked-module.ts';
import { dtkAutoMessage } from '../lint-dockerfile.ts';
import type { Build, BuildArg } from '../module.ts';
import { firstDuplicate } from './first-duplicate.ts';
import { eachOf, type Located, one, type Rule, ruleSet } from './rule.ts';

/** What KMM and we hand to every build by ourselves. */
const builtInArgs = ['KERNEL_VERSION', 'KERNEL_FULL_VERSION', 'MOD_NAME', 'MOD_NAMESPACE'];

const rules: Rule<Build>[] = [
  {
    id: 'build-dockerfile-required',
    severity: 'error',
    at: 'dockerfileConfigMap',
    why: ({ dockerfileConfigMap }) =>
      dockerfileConfigMap === undefined
        ? 'required: name the ConfigMap whose key "dockerfile" holds the Dockerfile'
        : undefined,
  },
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
    id: 'build-arg-duplicate',
    severity: 'error',
    at: 'buildArgs',
    why: ({ buildArgs = [] }) => {
      const twice = firstDuplicate(buildArgs.map(({ name }) => name));
      return twice === undefined ? undefined : `"${twice}" is given twice: remove one`;
    },
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
    id: 'build-arg-name',
    severity: 'error',
    at: 'name',
    why: ({ subject }) => (subject.name === '' ? 'required: the name of a build argument' : undefined),
  },
  {
    id: 'build-arg-value-required',
    severity: 'error',
    at: 'value',
    why: ({ path }, { document }) =>
      valueAt(document, `${path}.value`) === undefined
        ? 'required: write value: "" if it is empty on purpose'
        : undefined,
  },
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

const builds = ({ container, mappings }: CheckedModule): Located<Build>[] => [
  ...one(`${containerPath}.build`, container?.build),
  ...mappings.flatMap(({ path, mapping }) => one(`${path}.build`, mapping.build)),
];

export const buildRules = ruleSet(builds, rules);

export const buildArgRules = ruleSet(
  (checked) =>
    builds(checked)
      .flatMap(({ path, subject }) => eachOf(`${path}.buildArgs`, subject.buildArgs))
      .map((located) => ({ path: located.path, subject: located })),
  argRules,
);

function valueAt(document: unknown, path: string): unknown {
  return path.split(/[.[\]]+/).reduce<unknown>((value, key) => (isKeyed(value) ? value[key] : undefined), document);
}

function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
