import { matchedKernelVersion } from '../../kernel/kernel-version.ts';
import type { CheckedModule, EffectiveMapping } from '../checked-module.ts';
import { kernelLabelValue } from '../kernel-label-value.ts';
import { compileKernelRegexp } from '../kernel-regexp.ts';
import { type Rule, ruleSet } from './rule.ts';

const rules: Rule<EffectiveMapping>[] = [
  {
    id: 'mapping-unreachable',
    severity: 'warning',
    why: (later, { mappings }) => {
      const earlier = mappings.slice(0, later.index).find(({ mapping }) => covers(mapping, later.mapping));
      if (earlier === undefined) return undefined;
      return `it can never match: the first match wins, and kernelMappings[${earlier.index}] takes all of its kernels: remove it or move it up`;
    },
  },
  { id: 'kernel-label-collision', severity: 'warning', at: 'literal', why: whyCollision },
];

export const reachableRules = ruleSet<EffectiveMapping>(
  ({ mappings }) => mappings.map((subject) => ({ path: subject.path, subject })),
  rules,
);

interface Kernels {
  literal?: string | undefined;
  regexp?: string | undefined;
}

function covers(earlier: Kernels, later: Kernels): boolean {
  if (earlier.literal && earlier.literal === later.literal) return true;
  if (!earlier.regexp) return false;
  if (earlier.regexp === later.regexp || takesAll(earlier.regexp)) return true;
  const regexp = later.literal ? compileKernelRegexp(earlier.regexp) : undefined;
  return regexp?.kind === 'compiled' && regexp.matches(later.literal ?? '');
}

function takesAll(regexp: string): boolean {
  return /^(?:\^|\\A)?\(?(?:\.[*+]\??)?\)?(?:\$|\\z)?$/.test(regexp) && regexp !== '^$';
}

function whyCollision({ mapping, index }: EffectiveMapping, { mappings }: CheckedModule): string | undefined {
  const { literal } = mapping;
  if (!literal) return undefined;
  const label = kernelLabelValue(matchedKernelVersion(literal));
  const other = mappings
    .slice(0, index)
    .find(({ mapping: { literal: earlier } }) => earlier && earlier !== literal && kernelLabelValue(earlier) === label);
  if (other === undefined) return undefined;
  return `"${literal}" and "${other.mapping.literal}" are one as a node label (${label}), so their nodes share a DaemonSet: use one image for both`;
}
