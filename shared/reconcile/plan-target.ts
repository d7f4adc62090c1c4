import { kernelLabelValue } from '../kmm/kernel-label-value.ts';
import type { TargetFacts } from './facts.ts';
import type { TargetPlan } from './plan.ts';
import { foundRows } from './rows-found.ts';
import { missingRows } from './rows-missing.ts';
import { unreachablePlan } from './rows-unreachable.ts';
import { type View, viewOf } from './view.ts';

/** One row of the decision table: the first whose plan is not `undefined` holds. */
export type Row = (view: View) => TargetPlan | undefined;

const rows: readonly Row[] = [...foundRows, ...missingRows];

/**
 * Decides the next step of one target: the first row that holds. Pure: the same facts give the same plan. The last row
 * always holds, so every combination of facts has exactly one.
 */
export function planTarget(facts: TargetFacts): TargetPlan {
  const { resolution, image } = facts;
  if (resolution.outcome === 'invalid') {
    return { row: 'invalid', action: { kind: 'none' }, state: 'Invalid', reason: 'Invalid', message: resolution.error };
  }
  if (resolution.outcome !== 'resolved') return noMapping(facts);
  if (facts.collidesWith !== undefined) return collision(facts, facts.collidesWith);
  if (image.kind === 'unreachable') return unreachablePlan(facts, image, 'registry-unreachable');
  const plan = firstOf(viewOf(facts, resolution.data));
  return facts.options.paused ? heldBack(plan) : plan;
}

function firstOf(view: View): TargetPlan {
  for (const row of rows) {
    const plan = row(view);
    if (plan !== undefined) return plan;
  }
  throw new Error('the decision table has no last row');
}

/** Nothing is written or asked for of a paused Module: neither builds nor signings nor inspections start. */
function heldBack(plan: TargetPlan): TargetPlan {
  if (plan.action.kind === 'none') return plan;
  const message = `paused, this waits: ${plan.message}`;
  return { ...plan, action: { kind: 'none' }, reason: 'Paused', message };
}

/** A DaemonSet finds its nodes by the kernel's label, and this one is another kernel's already. */
function collision({ target }: TargetFacts, other: string): TargetPlan {
  const message = `${target.kernelVersion} and ${other} have the same label value ${kernelLabelValue(other)}: only ${other} is served, bring these nodes to one of the two kernels`;
  return { row: 'invalid', action: { kind: 'none' }, state: 'Invalid', reason: 'KernelLabelCollision', message };
}

/** Without a mapping nothing of ours may stay on that kernel: this is one of the three ways to unload. */
function noMapping(facts: TargetFacts): TargetPlan {
  const { resolution, daemonSet } = facts;
  return {
    row: 'no-mapping',
    action: { kind: daemonSet === undefined || facts.options.paused ? 'none' : 'remove-daemon-set' },
    state: 'NoMapping',
    reason: 'NoMapping',
    message: resolution.outcome === 'no-mapping' ? resolution.error : 'the Module has no moduleLoader',
  };
}
