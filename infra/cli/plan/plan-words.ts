import type { TargetFacts } from '../../../shared/reconcile/facts.ts';
import type { TargetPlan } from '../../../shared/reconcile/plan.ts';
import type { PlannedTarget } from './planned-target.ts';

/** The step in words. `known`: a cluster was read, so that an absent DaemonSet is really absent. */
export function actionWords(plan: TargetPlan, name: string, live: TargetFacts['daemonSet'], known: boolean): string {
  const { action } = plan;
  switch (action.kind) {
    case 'none':
      return plan.row === 'roll-out' ? 'nothing: it is as it should be' : 'nothing';
    case 'apply-daemon-set':
      if (!known) return `apply DaemonSet ${name}`;
      return `${live === undefined ? 'create' : 'update'} DaemonSet ${name}`;
    case 'remove-daemon-set':
      return `delete DaemonSet ${name}`;
    case 'request-inspection':
      return `look into ${action.digest}`;
    case 'request-signing':
      return 'sign the image';
    case 'request-join':
      return 'join the image of this architecture into the tag';
    case 'start-build':
      return `build the image, attempt ${action.attempt}`;
  }
}

/** `nodes`: those that the Module selects for this target, where a cluster was read. */
export function effectOf(
  { action }: TargetPlan,
  live: TargetFacts['daemonSet'],
  nodes: number | undefined,
): PlannedTarget['effect'] {
  const of = (kind: PlannedTarget['effect']['kind'], count: number | undefined) =>
    count === undefined ? { kind } : { kind, nodes: count };
  if (action.kind === 'remove-daemon-set') return of('unload', live?.current);
  if (action.kind !== 'apply-daemon-set') return { kind: 'none' };
  return live === undefined ? of('load', nodes) : of('reload', live.current);
}

export function effectWords({ kind, nodes }: PlannedTarget['effect']): string {
  if (kind === 'none') return '-';
  const where = nodes === undefined ? 'its nodes' : `${nodes} node${nodes === 1 ? '' : 's'}`;
  return `${kind}s on ${where}`;
}
