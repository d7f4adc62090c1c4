import { type CelRule, celRegexp } from '../cel-rule.ts';
import { kernelModuleName } from './patterns.ts';

const nameReason = 'letters, digits, "_", "-", "." and "+" only';
const isListed = (list: string) => `self.?rawArgs.?${list}.orValue([]).size() > 0`;

/** At modprobe. */
export const modprobeRules: readonly CelRule[] = [
  {
    id: 'modprobe-raw-args-with-name',
    rule: `self.?moduleName.orValue('') == '' || !(${isListed('load')} || ${isListed('unload')})`,
    says: 'rawArgs replace the whole command: remove moduleName, or write args and parameters instead',
    at: '.rawArgs',
  },
  {
    id: 'modprobe-name-required',
    rule: `self.?moduleName.orValue('') != '' || (${isListed('load')} && ${isListed('unload')})`,
    says: 'required: the name of the kernel module (or, for experts, rawArgs with both load and unload)',
    at: '.moduleName',
    required: true,
  },
  {
    id: 'loading-order-size',
    rule: '!has(self.modulesLoadingOrder) || self.modulesLoadingOrder.size() >= 2',
    says: 'an order needs at least two modules: add one or leave it out',
    at: '.modulesLoadingOrder',
  },
  {
    id: 'loading-order-first',
    rule: "self.?modulesLoadingOrder.orValue([]).size() == 0 || self.?moduleName.orValue('') != '' && self.modulesLoadingOrder[0] == self.moduleName",
    says: 'the first one must be modprobe.moduleName, which is loaded last',
    at: '.modulesLoadingOrder',
  },
];

export const moduleNameRules: readonly CelRule[] = [
  {
    id: 'modprobe-name',
    rule: `self == '' || self.matches(${celRegexp(kernelModuleName)})`,
    says: `"{}" is no kernel module's name: ${nameReason}`,
    value: 'self',
  },
];

export const dirNameRules: readonly CelRule[] = [
  {
    id: 'dir-name',
    rule: "self.startsWith('/')",
    says: '"{}" must be an absolute path in the image, as /opt (the default)',
    value: 'self',
  },
];

export const loadingOrderRules: readonly CelRule[] = [
  {
    id: 'loading-order-duplicate',
    rule: 'self.all(name, self.exists_one(other, other == name))',
    says: '"{}" is listed twice: remove one',
    value: 'self.filter(name, !self.exists_one(other, other == name))[0]',
  },
  {
    id: 'loading-order-name',
    rule: String.raw`self.all(name, name.matches(r'^\S+$'))`,
    says: `"{}" is no kernel module's name: ${nameReason}`,
    value: String.raw`self.filter(name, !name.matches(r'^\S+$'))[0]`,
  },
];

/** At each list of args and rawArgs. */
export const argsRules: readonly CelRule[] = [
  {
    id: 'modprobe-args-empty',
    rule: 'self.size() > 0',
    says: 'the list is empty: name an argument or leave it out',
  },
];
