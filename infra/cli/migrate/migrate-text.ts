import type { Style } from '../output/style.ts';
import { toTable } from '../output/table.ts';
import { refWords } from './kinds.ts';
import type { Step } from './step.ts';

/** What `kmm migrate` answers; `-o json` prints it as it is. */
export interface MigrationReport {
  /** `refused`: KMM runs. `planned`: a dry run. `unfinished`: run it again. */
  outcome: 'refused' | 'planned' | 'done' | 'unfinished';
  /** Why it was refused, with how to go on. */
  why: string[];
  /** Made, or in a dry run to be made. */
  steps: Step[];
  /** Not made yet. */
  left: Step[];
  notes: string[];
}

export function migrationText(report: MigrationReport, paint: Style): string {
  const { outcome, why, steps, left, notes } = report;
  const parts = [
    outcome === 'refused' ? `${paint('red', 'Refused:')} KMM runs in this cluster.\n${lines(why)}` : '',
    table(steps),
    left.length === 0 ? '' : `${paint('yellow', 'Not done yet:')}\n${table(left)}`,
    ...notes.map((note) => `${paint('yellow', 'note:')} ${note}\n`),
    sumOf(report, paint),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function sumOf({ outcome, steps }: MigrationReport, paint: Style): string {
  switch (outcome) {
    case 'refused':
      return 'Nothing was changed. Loaded modules stay loaded while KMM is scaled down.\n';
    case 'planned':
      return steps.length === 0
        ? 'Nothing of KMM is to be taken out.\n'
        : `${count(steps)} would be made; no kernel module is unloaded by any of them. Nothing was changed.\n`;
    case 'done':
      return `${paint('green', 'Done:')} ${count(steps)} made. Device plugins come back with the functions: "kmm install" renders them.\n`;
    case 'unfinished':
      return 'Some objects are not gone yet: run "kmm migrate" again.\n';
  }
}

function count(steps: readonly Step[]): string {
  return steps.length === 1 ? '1 step' : `${steps.length} steps`;
}

function lines(sentences: readonly string[]): string {
  return sentences.map((sentence) => `  ${sentence}\n`).join('');
}

function table(steps: readonly Step[]): string {
  if (steps.length === 0) return '';
  const rows = steps.map((step) => [step.change.action, refWords(step), step.why, whatOf(step)]);
  return toTable(['STEP', 'OBJECT', 'WHY', 'WHAT'], rows);
}

function whatOf({ change }: Step): string {
  if (change.action === 'drop-finalizers') return change.finalizers.join(', ');
  return change.action === 'remove-labels' ? change.labels.join(', ') : '';
}
