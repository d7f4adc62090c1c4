import type { Dra } from '../module.ts';
import { firstDuplicate } from './first-duplicate.ts';
import { isDnsSubdomain } from './kubernetes-names.ts';
import { eachOf, one, type Rule, ruleSet } from './rule.ts';

type DeviceClass = NonNullable<Dra['deviceClasses']>[number];

const most = 32;
const nameReason = 'lower-case letters, digits, "-" and "." only';

const rules: Rule<Dra>[] = [
  {
    id: 'dra-driver-name',
    severity: 'error',
    at: 'driverName',
    why: ({ driverName }) => {
      if (!driverName) return 'required: the name that the driver registers, as gpu.example.com';
      return isDnsSubdomain(driverName) ? undefined : `"${driverName}" is no DNS name: ${nameReason}`;
    },
  },
  {
    id: 'dra-class-duplicate',
    severity: 'error',
    at: 'deviceClasses',
    why: ({ deviceClasses = [] }) => {
      const twice = firstDuplicate(deviceClasses.map(({ name }) => name));
      return twice ? `"${twice}" is listed twice: remove one` : undefined;
    },
  },
];

const classRules: Rule<DeviceClass>[] = [
  {
    id: 'dra-class-name',
    severity: 'error',
    at: 'name',
    why: ({ name }) => {
      if (name === '') return 'required: the name of the DeviceClass';
      return isDnsSubdomain(name) ? undefined : `"${name}" is no DNS name: ${nameReason}`;
    },
  },
  {
    id: 'dra-class-size',
    severity: 'error',
    why: ({ selectors, config }) =>
      (selectors?.length ?? 0) > most || (config?.length ?? 0) > most
        ? `at most ${most} selectors and ${most} configs: split it into several classes`
        : undefined,
  },
];

export const draRules = ruleSet(({ module }) => one('spec.dra', module.spec.dra), rules);
export const deviceClassRules = ruleSet(
  ({ module }) => eachOf('spec.dra.deviceClasses', module.spec.dra?.deviceClasses),
  classRules,
);
