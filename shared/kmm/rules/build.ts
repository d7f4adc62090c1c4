import { type CheckedModule, containerPath } from '../checked-module.ts';
import type { Build, BuildArg } from '../module.ts';
import { firstDuplicate } from './first-duplicate.ts';
import { eachOf, type Located, one, type Rule, ruleSet } from './rule.ts';

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
    id: 'build-arg-duplicate',
    severity: 'error',
    at: 'buildArgs',
    why: ({ buildArgs = [] }) => {
      const twice = firstDuplicate(buildArgs.map(({ name }) => name));
      return twice === undefined ? undefined : `"${twice}" is given twice: remove one`;
    },
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
];

/** Every build of the Module; the levels stand for themselves. */
export const builds = ({ container, mappings }: CheckedModule): Located<Build>[] => [
  ...one(`${containerPath}.build`, container?.build),
  ...mappings.flatMap(({ path, mapping }) => one(`${path}.build`, mapping.build)),
];

export const buildArgs = (checked: CheckedModule): Located<Located<BuildArg>>[] =>
  builds(checked)
    .flatMap(({ path, subject }) => eachOf(`${path}.buildArgs`, subject.buildArgs))
    .map((located) => ({ path: located.path, subject: located }));

export const buildRules = ruleSet(builds, rules);
export const buildArgRules = ruleSet(buildArgs, argRules);

function valueAt(document: unknown, path: string): unknown {
  return path.split(/[.[\]]+/).reduce<unknown>((value, key) => (isKeyed(value) ? value[key] : undefined), document);
}

function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
