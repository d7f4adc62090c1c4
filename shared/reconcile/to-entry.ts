import type { KernelEntry } from '../kmm/status.ts';
import type { TargetFacts } from './facts.ts';
import type { TargetPlan } from './plan.ts';

/** Keeps an entry within its 1 KiB, log tails of a failure included. */
const longestMessage = 480;

/** The target's entry in `status.kernels` after the plan: whole, so that fields that go are visible as absent. */
export function toEntry(facts: TargetFacts, plan: TargetPlan): KernelEntry {
  const { entry, resolution, daemonSet, generation } = facts;
  const digest = plan.digest ?? (daemonSet?.digest || undefined);
  return {
    state: plan.state,
    reason: plan.reason,
    message: cut(plan.message),
    ...(resolution.outcome === 'resolved' ? { image: resolution.data.containerImage } : {}),
    ...(digest === undefined ? {} : { digest }),
    ...(plan.tagDigest === undefined || plan.tagDigest === digest ? {} : { indexDigest: plan.tagDigest }),
    observedGeneration: generation,
    rebuilt: plan.rebuilt ?? entry?.rebuilt ?? carriedOutNow(facts),
    ...(entry?.inspected === undefined ? {} : { inspected: entry.inspected }),
    ...(entry?.signing === undefined ? {} : { signing: entry.signing }),
    ...(plan.nextTry === undefined ? {} : { nextTry: plan.nextTry.toISOString() }),
    ...rolloutOf(facts, plan),
  };
}

function carriedOutNow({ request, keyFingerprint }: TargetFacts) {
  return keyFingerprint === undefined ? { request } : { request, keyFingerprint };
}

/** Counts that the controller has not brought up to date yet are no news. */
function rolloutOf({ daemonSet, entry }: TargetFacts, plan: TargetPlan): Pick<KernelEntry, 'rollout'> {
  if (daemonSet === undefined || plan.action.kind === 'remove-daemon-set') return {};
  const { desired, updated, available, observed } = daemonSet;
  if (!observed) return entry?.rollout === undefined ? {} : { rollout: entry.rollout };
  return { rollout: { desired, updated, available } };
}

/** Cuts at a whole character. */
function cut(text: string): string {
  return text.length <= longestMessage ? text : `${[...text].slice(0, longestMessage - 1).join('')}…`;
}
