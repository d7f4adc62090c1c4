import { type CelRule, celRegexp } from '../cel-rule.ts';
import { labelValue, qualifiedName } from './patterns.ts';

/** At each toleration. */
export const tolerationRules: readonly CelRule[] = [
  {
    id: 'toleration-key',
    rule: `self.?key.orValue('') == '' || self.key.matches(${celRegexp(qualifiedName)}) && self.key.indexOf('/') <= 253`,
    says: '"{}" is no taint key: write [domain/]name',
    value: 'self.key',
    at: '.key',
  },
  {
    id: 'toleration-empty-key',
    rule: "self.?key.orValue('') != '' || self.?operator.orValue('') == 'Exists'",
    says: 'without a key only the operator Exists makes sense: set it, or name a key',
    at: '.operator',
  },
  {
    id: 'toleration-seconds',
    rule: "!has(self.tolerationSeconds) || self.?effect.orValue('') == 'NoExecute'",
    says: 'tolerationSeconds goes with the effect NoExecute only: set that, or leave it out',
    at: '.tolerationSeconds',
  },
  {
    id: 'toleration-value',
    rule: `!(self.?operator.orValue('') in ['', 'Equal']) || !has(self.value) || self.value.matches(${celRegexp(labelValue)})`,
    says: '"{}" is no taint value: up to 63 letters, digits, "-", "_" and "."',
    value: 'self.value',
    at: '.value',
  },
  {
    id: 'toleration-exists-value',
    rule: "self.?operator.orValue('') != 'Exists' || self.?value.orValue('') == ''",
    says: 'the operator Exists takes no value: leave it out, or use Equal',
    at: '.value',
  },
  {
    id: 'toleration-operator',
    rule: "self.?operator.orValue('') in ['', 'Equal', 'Exists']",
    says: '"{}" is no operator: write Equal or Exists',
    value: 'self.operator',
    at: '.operator',
  },
  {
    id: 'toleration-effect',
    rule: "self.?effect.orValue('') in ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']",
    says: '"{}" is no effect: write one of NoSchedule, PreferNoSchedule, NoExecute',
    value: 'self.effect',
    at: '.effect',
  },
];
