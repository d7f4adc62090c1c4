import { ageMs, isDue, lostAfterMs, retryAt } from './due.ts';
import type { TargetPlan } from './plan.ts';
import { digests } from './plan-digests.ts';
import type { Row } from './plan-target.ts';
import { rollOut } from './row-roll-out.ts';
import type { View } from './view.ts';

/** The rows of an image that is there, for our platform, with no open request. */
export const foundRows: readonly Row[] = [inspect, inspectionPending, imageRejected, rollOut];

const none = { kind: 'none' } as const;

/** Inspection is on when an inspector is configured and the Module does not turn it off; each digest is looked into once. */
function inspectionOf({ facts, wanted }: View) {
  if (wanted === undefined || !facts.capabilities.inspector || facts.options.skipInspection) return undefined;
  const last = facts.entry?.inspected?.digest === wanted ? facts.entry.inspected : undefined;
  const again = last?.result === 'failed' ? retryAt(last.attempt, last.since ?? '') : undefined;
  return { wanted, last, again };
}

function inspect(view: View): TargetPlan | undefined {
  const inspection = inspectionOf(view);
  if (inspection === undefined) return undefined;
  const { wanted, last, again } = inspection;
  const { now, cause } = view.facts;
  const lost = last?.result === 'running' && ageMs(last.since, now) >= lostAfterMs;
  const due = last?.result === 'failed' && (cause.imageEvent || isDue(again, now));
  if (last !== undefined && !lost && !due) return undefined;
  return {
    row: 'inspect',
    action: { kind: 'request-inspection', digest: wanted },
    state: 'Inspecting',
    reason: 'InspectionRequested',
    message: `looking into ${wanted}`,
    ...digests(view),
  };
}

function inspectionPending(view: View): TargetPlan | undefined {
  const inspection = inspectionOf(view);
  const last = inspection?.last;
  if (inspection === undefined || (last?.result !== 'running' && last?.result !== 'failed')) return undefined;
  return {
    row: 'inspection-pending',
    action: none,
    state: 'Inspecting',
    reason: last.result === 'failed' ? 'InspectionFailed' : 'InspectionRunning',
    message: last.reason ?? `looking into ${inspection.wanted}`,
    ...digests(view),
    ...(inspection.again === undefined ? {} : { nextTry: inspection.again }),
  };
}

function imageRejected(view: View): TargetPlan | undefined {
  const last = inspectionOf(view)?.last;
  if (last?.result !== 'rejected') return undefined;
  const message = last.reason ?? 'the inspection rejected this image';
  return {
    row: 'image-rejected',
    action: none,
    state: 'ImageRejected',
    reason: 'ImageRejected',
    message,
    ...digests(view),
  };
}
