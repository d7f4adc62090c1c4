import type { Toleration } from '../../kubernetes/objects.ts';
import { isLabelValue, isQualifiedName } from './kubernetes-names.ts';
import { eachOf, type Rule, ruleSet } from './rule.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const operators = ['Equal', 'Exists'];

const rules: Rule<Toleration>[] = [
  {
    id: 'toleration-key',
    severity: 'error',
    at: 'key',
    why: ({ key }) => (!key || isQualifiedName(key) ? undefined : `"${key}" is no taint key: write [domain/]name`),
  },
  {
    id: 'toleration-empty-key',
    severity: 'error',
    at: 'operator',
    why: ({ key, operator }) =>
      !key && operator !== 'Exists'
        ? 'without a key only the operator Exists makes sense: set it, or name a key'
        : undefined,
  },
  {
    id: 'toleration-seconds',
    severity: 'error',
    at: 'tolerationSeconds',
    why: ({ tolerationSeconds, effect }) =>
      tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? 'tolerationSeconds goes with the effect NoExecute only: set that, or leave it out'
        : undefined,
  },
  {
    id: 'toleration-value',
    severity: 'error',
    at: 'value',
    why: ({ operator, value }) =>
      (operator || 'Equal') === 'Equal' && !isLabelValue(value ?? '')
        ? `"${value}" is no taint value: up to 63 letters, digits, "-", "_" and "."`
        : undefined,
  },
  {
    id: 'toleration-exists-value',
    severity: 'error',
    at: 'value',
    why: ({ operator, value }) =>
      operator === 'Exists' && value ? 'the operator Exists takes no value: leave it out, or use Equal' : undefined,
  },
  {
    id: 'toleration-operator',
    severity: 'error',
    at: 'operator',
    why: ({ operator }) =>
      !operator || operators.includes(operator) ? undefined : `"${operator}" is no operator: write Equal or Exists`,
  },
  {
    id: 'toleration-effect',
    severity: 'error',
    at: 'effect',
    why: ({ effect }) =>
      !effect || effects.includes(effect) ? undefined : `"${effect}" is no effect: write one of ${effects.join(', ')}`,
  },
];

export const tolerationRules = ruleSet(({ module }) => eachOf('spec.tolerations', module.spec.tolerations), rules);
