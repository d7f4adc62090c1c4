import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';

/**
 * A Module or the Dockerfile that it builds from changed: all its targets are planned anew, DaemonSets that no node needs are
 * collected. Of a deleted Module the owner references take what is namespaced; its node labels go here.
 */
export function moduleChanged(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  return reconcile(triggers, ports);
}
