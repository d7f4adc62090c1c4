import type { CelRule } from '../cel-rule.ts';

/** At each build. Arguments given twice are refused by the schema itself: they are a map by name. */
export const buildRules: readonly CelRule[] = [
  {
    id: 'build-dockerfile-required',
    rule: 'has(self.dockerfileConfigMap)',
    says: 'required: name the ConfigMap whose key "dockerfile" holds the Dockerfile',
    at: '.dockerfileConfigMap',
    required: true,
  },
];

/** At each build argument. */
export const buildArgRules: readonly CelRule[] = [
  { id: 'build-arg-name', rule: "self.name != ''", says: 'required: the name of a build argument', at: '.name' },
  {
    id: 'build-arg-value-required',
    rule: 'has(self.value)',
    says: 'required: write value: "" if it is empty on purpose',
    at: '.value',
    required: true,
  },
];
