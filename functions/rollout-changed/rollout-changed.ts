import type { Outcome } from '../../shared/events/outcome.ts';
import type { RolloutTrigger, Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { publishUnloadFailures } from '../../shared/steps/publish-node-events.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';

/** Pods or DaemonSets of ours changed: ready labels of their nodes, states and counters, and the canary widened. */
export async function rolloutChanged(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  const rollouts = triggers.filter((trigger): trigger is RolloutTrigger => trigger.kind === 'rollout');
  await publishUnloadFailures(rollouts, ports);
  return reconcile(triggers, ports);
}
