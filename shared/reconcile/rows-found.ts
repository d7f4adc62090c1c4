import { ageMs, isDue, lostAfterMs, nextLookSeconds, retryAt } from './due.ts';
import type { LiveDaemonSet, TargetFacts } from './facts.ts';
import type { Action, TargetPlan } from './plan.ts';
import type { Row } from './plan-target.ts';
import type { View } from './view.ts';

/** The rows of an image that is there, for our platform, with no open request. */
export const foundRows: readonly Row[] = [inspection, rollOut];

/** Inspection is on when an inspector is configured and the Module does not turn it off; each digest is looked into once. */
function inspection(view: View): TargetPlan | undefined {
  const { facts, wanted } = view;
  if (wanted === undefined || !facts.capabilities.inspector || facts.options.skipInspection) return undefined;
  const inspected = facts.entry?.inspected?.digest === wanted ? facts.entry.inspected : undefined;
  if (inspected?.result === 'ok') return undefined;
  if (inspected?.result === 'rejected') {
    const message = inspected.reason ?? 'the inspection rejected this image';
    return plan(view, 'image-rejected', { kind: 'none' }, 'ImageRejected', 'ImageRejected', message);
  }
  const again = inspected?.result === 'failed' ? retryAt(inspected.attempt, inspected.since ?? '') : undefined;
  if (inspected === undefined || isInspectionDue(facts, inspected, again)) {
    const action: Action = { kind: 'request-inspection', digest: wanted };
    return plan(view, 'inspect', action, 'Inspecting', 'InspectionRequested', `looking into ${wanted}`);
  }
  const message = inspected.reason ?? `looking into ${wanted}`;
  const reason = inspected.result === 'failed' ? 'InspectionFailed' : 'InspectionRunning';
  const waiting = plan(view, 'inspection-pending', { kind: 'none' }, 'Inspecting', reason, message);
  return again === undefined ? waiting : { ...waiting, nextTry: again };
}

function isInspectionDue(
  facts: TargetFacts,
  inspected: { result: string; since?: string | undefined },
  again: Date | undefined,
): boolean {
  if (inspected.result === 'running') return ageMs(inspected.since, facts.now) >= lostAfterMs;
  return facts.cause.imageEvent || isDue(again, facts.now);
}

function rollOut(view: View): TargetPlan | undefined {
  const { facts, wanted } = view;
  if (wanted === undefined) return undefined;
  const live = facts.daemonSet;
  const upToDate = live !== undefined && live.templateInputs === facts.templateInputs(wanted) && !facts.cause.rollout;
  const paused = facts.options.paused;
  const action: Action = upToDate || paused ? { kind: 'none' } : { kind: 'apply-daemon-set', digest: wanted };
  const [state, reason, message] =
    live === undefined || !(upToDate || paused)
      ? (['RollingOut', paused ? 'Paused' : 'Applied', `${live === undefined ? 'first' : 'new'} rollout of ${wanted}`] as const)
      : rolloutState(facts, live);
  const result = plan(view, 'roll-out', action, state, reason, message + newDigest(view));
  const nextTry = state === 'RollingOut' ? nextLook(facts, action) : undefined;
  return {
    ...result,
    rebuilt: view.carriedOut || facts.entry?.rebuilt === undefined ? present(facts) : facts.entry.rebuilt,
    ...(nextTry === undefined ? {} : { nextTry }),
  };
}

function rolloutState(facts: TargetFacts, live: LiveDaemonSet): readonly ['Ready' | 'RollingOut' | 'RolloutFailed', string, string] {
  const reachable = live.desired - live.onDeadNodes;
  const counts = `${live.available} of ${live.desired} nodes have it loaded, ${live.updated} updated`;
  if (live.observed && live.updated >= reachable && live.available >= reachable) return ['Ready', 'Loaded', counts];
  if (facts.podTrouble !== undefined) return ['RolloutFailed', 'PodFailed', facts.podTrouble];
  return ['RollingOut', facts.options.paused ? 'Paused' : 'Progressing', counts];
}

/** Only a new rollout, or the delayed look itself, sets the time of the next look: so there is one chain per rollout. */
function nextLook(facts: TargetFacts, action: Action): Date | undefined {
  const { entry, cause, now } = facts;
  const fresh = action.kind === 'apply-daemon-set' || (entry?.state !== 'RollingOut' && entry?.state !== 'RolloutFailed');
  if (!fresh && cause.attempt === undefined) {
    const at = entry?.nextTry === undefined ? Number.NaN : Date.parse(entry.nextTry);
    return Number.isNaN(at) ? undefined : new Date(at);
  }
  const seconds = nextLookSeconds(fresh ? 0 : (cause.attempt ?? 0));
  return seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000);
}

function newDigest(view: View): string {
  const tag = view.image;
  return view.pinned && tag !== undefined && tag.digest !== view.wanted ? `; NewDigestAvailable: the tag is at ${tag.digest}` : '';
}

function present(facts: TargetFacts) {
  return facts.keyFingerprint === undefined
    ? { request: facts.request }
    : { request: facts.request, keyFingerprint: facts.keyFingerprint };
}

function plan(
  view: View,
  row: TargetPlan['row'],
  action: Action,
  state: TargetPlan['state'],
  reason: string,
  message: string,
): TargetPlan {
  return {
    row,
    action,
    state,
    reason,
    message,
    ...(view.wanted === undefined ? {} : { digest: view.wanted }),
    ...(view.image === undefined ? {} : { tagDigest: view.image.tagDigest }),
  };
}
