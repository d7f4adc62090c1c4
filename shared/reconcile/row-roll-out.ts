import type { KernelEntry } from '../kmm/status.ts';
import type { Digest } from '../oci/digest.ts';
import { nextLookSeconds } from './due.ts';
import type { LiveDaemonSet, TargetFacts } from './facts.ts';
import type { Action, TargetPlan } from './plan.ts';
import { digests } from './plan-digests.ts';
import type { View } from './view.ts';

type Progress = Pick<TargetPlan, 'state' | 'reason' | 'message'>;

/** The image is there and may run: the DaemonSet gets its digest, or the state is what its nodes and pods say. */
export function rollOut(view: View): TargetPlan | undefined {
  const { facts, wanted, image } = view;
  if (wanted === undefined || image === undefined) return undefined;
  const action = actionFor(facts, wanted);
  const progress = progressOf(facts, action, wanted);
  const nextTry = progress.state === 'RollingOut' ? nextLook(facts, action) : undefined;
  return {
    row: 'roll-out',
    action,
    ...progress,
    message: progress.message + newDigest(view),
    ...digests(view),
    rebuilt: rebuiltAfter(view),
    ...(nextTry === undefined ? {} : { nextTry }),
  };
}

/** A template changes only when its inputs do: every change reloads the module on all its nodes. */
function actionFor({ daemonSet, templateInputs, cause, options }: TargetFacts, wanted: Digest): Action {
  const upToDate = daemonSet?.templateInputs === templateInputs(wanted) && !cause.rollout;
  return upToDate || options.paused ? { kind: 'none' } : { kind: 'apply-daemon-set', digest: wanted };
}

function progressOf(facts: TargetFacts, action: Action, wanted: Digest): Progress {
  const { daemonSet, entry, options } = facts;
  // The same words until the controller has seen it, so that a second run right after the first has nothing to write.
  if (daemonSet === undefined || !daemonSet.observed || action.kind === 'apply-daemon-set') {
    return { state: 'RollingOut', reason: options.paused ? 'Paused' : 'Applied', message: `rolling out ${wanted}` };
  }
  const progress = rolloutProgress(facts, daemonSet);
  return progress.state === 'Ready' ? progress : (settled(facts, entry, wanted) ?? progress);
}

/** Without a look at the pods a rollout that had ended, well or badly, can't be told from one that a dead node holds up. */
function settled(facts: TargetFacts, entry: KernelEntry | undefined, wanted: Digest): Progress | undefined {
  if (facts.podsSeen || entry?.digest !== wanted || entry.observedGeneration !== facts.generation) return undefined;
  if (entry.state !== 'Ready' && entry.state !== 'RolloutFailed') return undefined;
  return { state: entry.state, reason: entry.reason ?? entry.state, message: entry.message ?? '' };
}

/** Ready: without pods on NotReady nodes, updated = desired = available. */
function rolloutProgress(facts: TargetFacts, live: LiveDaemonSet): Progress {
  const reachable = live.desired - live.onDeadNodes;
  const message = `${live.available} of ${live.desired} nodes have it loaded, ${live.updated} updated`;
  if (live.observed && live.updated - live.updatedOnDeadNodes >= reachable && live.available >= reachable)
    return { state: 'Ready', reason: 'Loaded', message };
  if (facts.podTrouble !== undefined) return { state: 'RolloutFailed', reason: 'PodFailed', message: facts.podTrouble };
  return { state: 'RollingOut', reason: facts.options.paused ? 'Paused' : 'Progressing', message };
}

/**
 * Only a new rollout, or the delayed look itself when it is due, sets the time of the next look: so there is one chain per
 * target. Looks that a rollout before this one left on their way come before that time, and end.
 */
function nextLook(facts: TargetFacts, action: Action): Date | undefined {
  const { entry, cause, now } = facts;
  const fresh = action.kind === 'apply-daemon-set' || entry?.state !== 'RollingOut';
  const at = entry?.nextTry === undefined ? Number.NaN : Date.parse(entry.nextTry);
  if (!fresh && (cause.attempt === undefined || at > now.getTime())) return Number.isNaN(at) ? undefined : new Date(at);
  const seconds = nextLookSeconds(fresh ? 0 : (cause.attempt ?? 0));
  return seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000);
}

function newDigest({ pinned, image, wanted }: View): string {
  const moved = pinned && image !== undefined && image.digest !== wanted;
  return moved ? `; NewDigestAvailable: the tag is at ${image.digest}` : '';
}

/**
 * Recorded once it is on its way to the nodes: a paused Module still has it before it. A key that could not be read at first
 * (or that came later) is taken as carried out, so that the next one is seen.
 */
function rebuiltAfter({ facts, carriedOut }: View): NonNullable<TargetPlan['rebuilt']> {
  const done = carriedOut && !facts.options.paused;
  const { rebuilt } = facts.entry ?? {};
  if (done || rebuilt === undefined) return presentRequest(facts);
  return rebuilt.keyFingerprint === undefined ? { ...presentRequest(facts), request: rebuilt.request } : rebuilt;
}

function presentRequest({ request, keyFingerprint }: TargetFacts) {
  return keyFingerprint === undefined ? { request } : { request, keyFingerprint };
}
