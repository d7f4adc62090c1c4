import { kernelComponents } from '../../kernel/kernel-version.ts';

export const kernelVariables = [
  'KERNEL_FULL_VERSION',
  'KERNEL_VERSION',
  'KERNEL_XYZ',
  'KERNEL_X',
  'KERNEL_Y',
  'KERNEL_Z',
] as const;

/** Every variable that a template may use. https://kmm.sigs.k8s.io/documentation/deploy_kmod/ */
export const knownVariables: readonly string[] = [...kernelVariables, 'MOD_NAME', 'MOD_NAMESPACE'];

/** Values by name. A name in `unavailable` is known but has no value for this kernel: using it is an error. */
export interface TemplateVariables {
  values: ReadonlyMap<string, string>;
  unavailable: ReadonlySet<string>;
}

/** What templates of a Module see on one kernel. With fewer than three components only the whole string is known. */
export function templateVariables(
  module: { namespace: string; name: string },
  kernelNormalizedVersion: string,
): TemplateVariables {
  const [x, y, z] = kernelComponents(kernelNormalizedVersion);
  const values = new Map([
    ['KERNEL_FULL_VERSION', kernelNormalizedVersion],
    ['KERNEL_VERSION', kernelNormalizedVersion],
    ['MOD_NAME', module.name],
    ['MOD_NAMESPACE', module.namespace],
  ]);
  if (x === undefined || y === undefined || z === undefined) {
    return { values, unavailable: new Set(['KERNEL_XYZ', 'KERNEL_X', 'KERNEL_Y', 'KERNEL_Z']) };
  }
  values.set('KERNEL_XYZ', `${x}.${y}.${z}`).set('KERNEL_X', x).set('KERNEL_Y', y).set('KERNEL_Z', z);
  return { values, unavailable: new Set() };
}
