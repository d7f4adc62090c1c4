import { Buffer } from 'node:buffer';
import type { KernelEntry } from '../kmm/status.ts';
import { isDigestGone } from './digest-gone.ts';
import type { TargetFacts } from './facts.ts';
import type { TargetPlan } from './plan.ts';

/** All entries of a Module are one object in the API server's store. */
const longestEntry = 1024;
/** Enough for the first words, whatever else an entry has to hold. */
const shortestMessage = 160;
const longestMessage = 480;

/** The target's entry in `status.kernels` after the plan: whole, so that fields that go are visible as absent. */
export function toEntry(facts: TargetFacts, plan: TargetPlan): KernelEntry {
  const { entry, resolution, generation } = facts;
  const rest = {
    reason: plan.reason,
    ...(resolution.outcome === 'resolved' ? { image: resolution.data.containerImage } : {}),
    ...withGone(facts, digestsOf(facts, plan)),
    observedGeneration: generation,
    rebuilt: plan.rebuilt ?? entry?.rebuilt ?? carriedOutNow(facts),
    ...(entry?.inspected === undefined ? {} : { inspected: entry.inspected }),
    ...(entry?.signing === undefined ? {} : { signing: entry.signing }),
    ...(plan.nextTry === undefined ? {} : { nextTry: plan.nextTry.toISOString() }),
    ...rolloutOf(facts, plan),
  };
  const room = longestEntry - bytesOf({ state: plan.state, message: '', ...rest });
  const message = cut(plan.message, Math.min(longestMessage, Math.max(shortestMessage, room)));
  return { state: plan.state, message, ...rest };
}

/** What runs or shall run; of a DaemonSet that goes nothing is left to tell. */
function digestsOf(
  { daemonSet }: TargetFacts,
  plan: TargetPlan,
): Pick<KernelEntry, 'digest' | 'indexDigest' | 'newDigest'> {
  const live = plan.action.kind === 'remove-daemon-set' ? undefined : daemonSet?.digest;
  const digest = plan.digest ?? (live || undefined);
  const { newDigest, tagDigest } = plan;
  return {
    ...(digest === undefined ? {} : { digest }),
    ...(tagDigest === undefined || tagDigest === (newDigest ?? digest) ? {} : { indexDigest: tagDigest }),
    ...(newDigest === undefined ? {} : { newDigest }),
  };
}

function withGone(facts: TargetFacts, digests: ReturnType<typeof digestsOf>) {
  return isDigestGone(facts, digests.digest) ? { ...digests, digestGone: true } : digests;
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

/** At most so many bytes of JSON, cut at a whole character: words of an alphabet of their own, and quotes, take more than one each. */
function cut(text: string, most: number): string {
  if (bytesOf(text) - 2 <= most) return text;
  let left = most - bytesOf('…') + 2;
  let kept = '';
  for (const character of text) {
    left -= bytesOf(character) - 2;
    if (left < 0) break;
    kept += character;
  }
  return `${kept}…`;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
