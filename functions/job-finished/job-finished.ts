import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';

/** A build, an inspection or a signing ended: its target takes the next step. */
export function jobFinished(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  return reconcile(triggers, ports);
}
