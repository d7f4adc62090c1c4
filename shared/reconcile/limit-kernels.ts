import { entryKey } from '../kmm/labels.ts';
import { type KnownModule, moduleKey } from './known-module.ts';
import type { Wanted } from './select-targets.ts';

/** A Module has at most `most` kernels: targets that have an entry go first, further new ones are refused. */
export function limitKernels(
  wanted: readonly Wanted[],
  modules: readonly KnownModule[],
  most: number,
): { kept: Wanted[]; refused: Wanted[] } {
  const known = new Map(modules.map((module) => [moduleKey(module), new Set(Object.keys(module.status.kernels))]));
  const kept: Wanted[] = [];
  const refused: Wanted[] = [];
  for (const next of wanted) {
    const keys = known.get(moduleKey({ namespace: next.target.namespace, name: next.target.module }));
    const key = entryKey(next.target);
    if (keys !== undefined && !keys.has(key) && keys.size >= most) refused.push(next);
    else {
      keys?.add(key);
      kept.push(next);
    }
  }
  return { kept, refused };
}
