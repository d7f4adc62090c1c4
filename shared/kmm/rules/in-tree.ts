import { type CheckedModule, containerPath } from '../checked-module.ts';
import { eachOf, type Rule, ruleSet } from './rule.ts';

const rules: Rule<string>[] = [
  {
    id: 'in-tree-name',
    severity: 'warning',
    why: (name) =>
      /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(name)
        ? undefined
        : `"${name}" is no kernel module's name, so nothing is removed: list each module by its name`,
  },
];

export const inTreeRules = ruleSet(({ container, mappings }: CheckedModule) => {
  const levels = [
    { path: containerPath, level: container },
    ...mappings.map(({ path, mapping }) => ({ path, level: mapping })),
  ];
  return levels.flatMap(({ path, level }) => [
    ...eachOf(`${path}.inTreeModulesToRemove`, level?.inTreeModulesToRemove),
    ...(level?.inTreeModuleToRemove
      ? [{ path: `${path}.inTreeModuleToRemove`, subject: level.inTreeModuleToRemove }]
      : []),
  ]);
}, rules);
