import { setTimeout } from 'node:timers/promises';
import { findKubeconfig } from '../find-kubeconfig.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { styleFor } from '../output/style.ts';
import type { CliPorts } from '../ports.ts';
import { type MigrationReport, migrationText } from './migrate-text.ts';
import type { MigrationApi } from './migration-api.ts';
import { planMigration } from './plan-migration.ts';
import { readSnapshot } from './read-snapshot.ts';
import { runMigration } from './run-migration.ts';

export interface MigrateOptions {
  dryRun?: boolean;
  kubeconfig?: string;
  output: Format;
}

/** `kmm migrate`: takes KMM 1.x or 2.x out of a cluster and leaves its modules loaded. */
export async function migrate(options: MigrateOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const api = await ports.connectMigration(await findKubeconfig(options.kubeconfig, io));
  const report = await withProgress(io, 'migrating', options.dryRun ? dryRun(api) : run(api));
  const table = () => migrationText(report, styleFor(io.stdout, io.env));
  await print(io, options.output, { value: report, table });
  return report.outcome === 'refused' || report.outcome === 'unfinished' ? 1 : 0;
}

async function dryRun(api: MigrationApi): Promise<MigrationReport> {
  const plan = planMigration(await readSnapshot(api));
  if (plan.kind === 'refused') return refused(plan.why);
  return { outcome: 'planned', why: [], steps: plan.steps, left: [], notes: plan.notes };
}

async function run(api: MigrationApi): Promise<MigrationReport> {
  const pause = async (milliseconds: number) => void (await setTimeout(milliseconds));
  const { done, left } = await runMigration(api, { pause });
  if (left.kind === 'refused') return { ...refused(left.why), steps: done };
  const { steps, notes } = left;
  return { outcome: steps.length === 0 ? 'done' : 'unfinished', why: [], steps: done, left: steps, notes };
}

function refused(why: string[]): MigrationReport {
  return { outcome: 'refused', why, steps: [], left: [], notes: [] };
}
