import { containerPath } from '../checked-module.ts';
import type { Modprobe } from '../module.ts';
import { firstDuplicate } from './first-duplicate.ts';
import { one, type Rule, ruleSet } from './rule.ts';

const kernelModuleName = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;
const nameReason = 'letters, digits, "_", "-", "." and "+" only';

const rules: Rule<Modprobe>[] = [
  {
    id: 'modprobe-raw-args-with-name',
    severity: 'error',
    at: 'rawArgs',
    why: ({ moduleName, rawArgs }) =>
      moduleName && (rawArgs?.load?.length || rawArgs?.unload?.length)
        ? 'rawArgs replace the whole command: remove moduleName, or write args and parameters instead'
        : undefined,
  },
  {
    id: 'modprobe-name-required',
    severity: 'error',
    at: 'moduleName',
    why: ({ moduleName, rawArgs }) =>
      moduleName || (rawArgs?.load?.length && rawArgs.unload?.length)
        ? undefined
        : 'required: the name of the kernel module (or, for experts, rawArgs with both load and unload)',
  },
  {
    id: 'modprobe-name',
    severity: 'error',
    at: 'moduleName',
    why: ({ moduleName }) =>
      !moduleName || kernelModuleName.test(moduleName)
        ? undefined
        : `"${moduleName}" is no kernel module's name: ${nameReason}`,
  },
  {
    id: 'dir-name',
    severity: 'error',
    at: 'dirName',
    why: ({ dirName }) =>
      dirName?.startsWith('/')
        ? undefined
        : `"${dirName}" must be an absolute path in the image, as /opt (the default)`,
  },
  {
    id: 'firmware-path',
    severity: 'warning',
    at: 'firmwarePath',
    why: ({ firmwarePath }) =>
      !firmwarePath || firmwarePath.startsWith('/')
        ? undefined
        : `"${firmwarePath}" should be an absolute path in the image`,
  },
  ...(['args.load', 'args.unload', 'rawArgs.load', 'rawArgs.unload'] as const).map(
    (at): Rule<Modprobe> => ({
      id: 'modprobe-args-empty',
      severity: 'error',
      at,
      why: (modprobe) =>
        listAt(modprobe, at)?.length === 0 ? 'the list is empty: name an argument or leave it out' : undefined,
    }),
  ),
];

const orderRules: Rule<Modprobe>[] = [
  {
    id: 'loading-order-size',
    severity: 'error',
    why: ({ modulesLoadingOrder: order }) =>
      order && order.length < 2 ? 'an order needs at least two modules: add one or leave it out' : undefined,
  },
  {
    id: 'loading-order-first',
    severity: 'error',
    why: ({ modulesLoadingOrder: order, moduleName }) =>
      order && order.length > 0 && (!moduleName || order[0] !== moduleName)
        ? 'the first one must be modprobe.moduleName, which is loaded last'
        : undefined,
  },
  {
    id: 'loading-order-duplicate',
    severity: 'error',
    why: ({ modulesLoadingOrder: order = [] }) => {
      const twice = firstDuplicate(order);
      return twice === undefined ? undefined : `"${twice}" is listed twice: remove one`;
    },
  },
  {
    id: 'loading-order-name',
    severity: 'error',
    why: ({ modulesLoadingOrder: order = [] }) => {
      const wrong = order.find((name) => name === '' || /\s/.test(name));
      return wrong === undefined ? undefined : `"${wrong}" is no kernel module's name: ${nameReason}`;
    },
  },
];

const modprobeAt = `${containerPath}.modprobe`;

export const modprobeRules = ruleSet(({ container }) => one(modprobeAt, container?.modprobe), rules);
export const loadingOrderRules = ruleSet(
  ({ container }) => one(`${modprobeAt}.modulesLoadingOrder`, container?.modprobe),
  orderRules,
);

function listAt(modprobe: Modprobe, at: 'args.load' | 'args.unload' | 'rawArgs.load' | 'rawArgs.unload') {
  const args = at.startsWith('args') ? modprobe.args : modprobe.rawArgs;
  return at.endsWith('.load') ? args?.load : args?.unload;
}
