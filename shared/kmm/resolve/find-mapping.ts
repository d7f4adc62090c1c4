import { compileKernelRegexp } from '../kernel-regexp.ts';
import type { KernelMapping } from '../module.ts';

export type MappingMatch =
  | { kind: 'matched'; index: number; mapping: KernelMapping }
  | { kind: 'none' }
  | { kind: 'invalid'; index: number; reason: string };

/**
 * The first mapping, in the order of the list, that takes the kernel: `literal` by equality or `regexp` found anywhere.
 * `kernelVersion` has lost its trailing `+` already. A regexp that does not compile ends the search, as in KMM.
 */
export function findMapping(mappings: readonly KernelMapping[], kernelVersion: string): MappingMatch {
  for (const [index, mapping] of mappings.entries()) {
    if (mapping.literal && mapping.literal === kernelVersion) return { kind: 'matched', index, mapping };
    if (!mapping.regexp) continue;
    const regexp = compileKernelRegexp(mapping.regexp);
    if (regexp.kind === 'invalid') return { kind: 'invalid', index, reason: regexp.reason };
    if (regexp.matches(kernelVersion)) return { kind: 'matched', index, mapping };
  }
  return { kind: 'none' };
}
