import type { CheckedModule } from '../checked-module.ts';
import { containerPath } from '../checked-module.ts';
import { formatPath } from '../finding.ts';
import { labels } from '../labels.ts';
import { isLabelValue, isQualifiedName } from './kubernetes-names.ts';
import { type Located, type Rule, ruleSet } from './rule.ts';

interface Label {
  key: string;
  value: string;
}

const valueRule: Rule<Label> = {
  id: 'selector-value',
  severity: 'warning',
  why: ({ value }) =>
    isLabelValue(value) ? undefined : `no node can have the label value "${value}", so it selects none: correct it`,
};

const nodeRules: Rule<Label>[] = [
  {
    id: 'selector-key',
    severity: 'error',
    why: ({ key }) => (isQualifiedName(key) ? undefined : `"${key}" is no label key: write [domain/]name`),
  },
  {
    id: 'selector-kernel-label',
    severity: 'warning',
    why: ({ key }) =>
      key === labels.kernelVersion
        ? 'we set this label ourselves: choose kernels by kernelMappings instead'
        : undefined,
  },
  valueRule,
];

const buildRules: Rule<Label>[] = [
  {
    id: 'build-selector-key',
    severity: 'warning',
    why: ({ key }) =>
      isQualifiedName(key) ? undefined : `"${key}" is no label key, so the build runs nowhere: write [domain/]name`,
  },
  valueRule,
];

const selectorOf = (path: readonly PropertyKey[], selector: Record<string, string> | undefined): Located<Label>[] =>
  Object.entries(selector ?? {}).map(([key, value]) => ({ path: formatPath([...path, key]), subject: { key, value } }));

export const selectorRules = ruleSet(({ module }) => selectorOf(['spec', 'selector'], module.spec.selector), nodeRules);

export const buildSelectorRules = ruleSet((checked: CheckedModule) => {
  const container = [...containerPath.split('.')];
  return [
    ...selectorOf([...container, 'build', 'selector'], checked.container?.build?.selector),
    ...checked.mappings.flatMap(({ index, mapping }) =>
      selectorOf([...container, 'kernelMappings', index, 'build', 'selector'], mapping.build?.selector),
    ),
  ];
}, buildRules);
