import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';

/**
 * Brings the DaemonSets of the Modules that select these nodes in line with their kernels, and the nodes' labels with what
 * runs there. 1,000 joins with one kernel and 10 Modules are 10 targets.
 */
export function nodeChanged(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  return reconcile(triggers, ports);
}
