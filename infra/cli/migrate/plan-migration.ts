import { migrationNotes } from './migration-notes.ts';
import { nodeLabelSteps } from './node-label-steps.ts';
import { objectSteps } from './object-steps.ts';
import { podSteps } from './pod-steps.ts';
import { runningOperators } from './running-operators.ts';
import type { Snapshot } from './snapshot.ts';
import type { Step } from './step.ts';

export type MigrationPlan =
  | { kind: 'refused'; why: string[] }
  /** In their order. No steps: nothing of KMM is left but what the notes name. */
  | { kind: 'planned'; steps: Step[]; notes: string[] };

/**
 * What takes KMM out of a cluster and leaves every loaded kernel module loaded. Pure, and level-triggered: planned anew on
 * what a run left behind, it holds the rest.
 *
 * Nothing here unloads: the pods of KMM 1.x, whose end unloads, are never deleted nor their templates changed; the worker
 * pods of 2.x have no preStop, and none is ever made. The order: webhooks first, since a dead one refuses every write of a
 * Module; pods that are about to unload; then what owns, what is owned, and labels once nothing stands by them.
 */
export function planMigration(snapshot: Snapshot): MigrationPlan {
  const why = runningOperators(snapshot.Deployment);
  if (why.length > 0) return { kind: 'refused', why };
  const steps = [...objectSteps.webhooks, ...podSteps, ...objectSteps.others, nodeLabelSteps].flatMap((rule) =>
    rule(snapshot),
  );
  return { kind: 'planned', steps, notes: migrationNotes(snapshot) };
}
