import type { RowId } from '../../../shared/reconcile/plan.ts';

/** What would become of a Module on a kernel. */
export type Verdict =
  | 'image-found'
  | 'would-sign'
  | 'would-build'
  | 'would-build-and-sign'
  | 'nothing-to-load'
  | 'no-mapping'
  | 'invalid'
  | 'image-missing'
  | 'image-rejected'
  | 'cannot-build'
  | 'cannot-sign'
  | 'registry-unreachable';

const servedVerdicts: readonly Verdict[] = [
  'image-found',
  'would-sign',
  'would-build',
  'would-build-and-sign',
  'nothing-to-load',
];

/** The Module would be on the nodes of that kernel without anybody's doing. */
export function isServed(verdict: Verdict): boolean {
  return servedVerdicts.includes(verdict);
}

/** The verdict by the row of the decision table that a target of that kernel would meet. */
export function verdictOf(row: RowId, has: { moduleLoader: boolean; build: boolean; sign: boolean }): Verdict {
  if (row === 'no-mapping' && !has.moduleLoader) return 'nothing-to-load';
  const verdict = byRow[row];
  return verdict === 'would-build' && has.sign ? 'would-build-and-sign' : verdict;
}

const byRow: Record<RowId, Verdict> = {
  invalid: 'invalid',
  'no-mapping': 'no-mapping',
  'registry-unreachable': 'registry-unreachable',
  inspect: 'image-found',
  'inspection-pending': 'image-found',
  'image-rejected': 'image-rejected',
  'roll-out': 'image-found',
  sign: 'would-sign',
  'signing-pending': 'would-sign',
  'sign-failed': 'cannot-sign',
  'unsigned-unreachable': 'registry-unreachable',
  join: 'would-build',
  'build-limit': 'cannot-build',
  build: 'would-build',
  'build-pending': 'would-build',
  'build-failed': 'cannot-build',
  'external-builder': 'image-missing',
  'unsigned-missing': 'image-missing',
  'image-missing': 'image-missing',
};
