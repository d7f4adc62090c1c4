import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';

/**
 * An image was pushed or deleted: the targets whose image or unsigned image it is ask the registry again. One list of
 * Modules finds them; an image of nobody's costs no more than that.
 */
export function imageChanged(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  return reconcile(triggers, ports);
}
