import { applyStep } from './apply-step.ts';
import type { MigrationApi } from './migration-api.ts';
import { type MigrationPlan, planMigration } from './plan-migration.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { Step } from './step.ts';

export interface MigrationRun {
  /** Every step that was made, in order. */
  done: Step[];
  /** What the last look at the cluster planned: refused, or what is left. */
  left: MigrationPlan;
}

export interface RunOptions {
  /** Between two looks at a cluster in which nothing could be done. */
  pause: (milliseconds: number) => Promise<void>;
}

/** The garbage collector, and the kubelet with a pod's grace period, need a moment for what a step lets go. */
const mostRounds = 90;
const pauseMs = 1000;

/**
 * Plans, applies one by one, looks again, until nothing is left. It may die anywhere: the next run plans the rest. An operator
 * that was scaled up again meanwhile stops it before the next round.
 */
export async function runMigration(api: MigrationApi, { pause }: RunOptions): Promise<MigrationRun> {
  const done: Step[] = [];
  let plan = planMigration(await readSnapshot(api));
  for (let round = 0; round < mostRounds && plan.kind === 'planned' && plan.steps.length > 0; round += 1) {
    const ready = plan.steps.filter(({ after }) => after.length === 0);
    for (const step of ready) {
      if ((await applyStep(step, api)) === 'done') done.push(step);
    }
    if (ready.length === 0) await pause(pauseMs);
    plan = planMigration(await readSnapshot(api));
  }
  return { done, left: plan };
}
