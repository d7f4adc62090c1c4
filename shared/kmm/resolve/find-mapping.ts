import type { EffectiveMapping } from '../checked-module.ts';
import { compileKernelRegexp } from '../kernel-regexp.ts';

export type MappingMatch =
  | { kind: 'matched'; effective: EffectiveMapping }
  | { kind: 'none' }
  | { kind: 'invalid'; index: number; reason: string };

/**
 * The first mapping, in the order of the list, that takes the kernel: `literal` by equality or `regexp` found anywhere.
 * `kernelVersion` has lost its trailing `+` already. A regexp that does not compile ends the search, as in KMM.
 */
export function findMapping(mappings: readonly EffectiveMapping[], kernelVersion: string): MappingMatch {
  for (const effective of mappings) {
    const { literal, regexp } = effective.mapping;
    if (literal && literal === kernelVersion) return { kind: 'matched', effective };
    if (!regexp) continue;
    const compiled = compileKernelRegexp(regexp);
    if (compiled.kind === 'invalid') return { kind: 'invalid', index: effective.index, reason: compiled.reason };
    if (compiled.matches(kernelVersion)) return { kind: 'matched', effective };
  }
  return { kind: 'none' };
}
