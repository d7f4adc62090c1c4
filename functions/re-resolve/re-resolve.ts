import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';
import { recordForce } from './record-force.ts';

/**
 * By hand, on a schedule, or when a delayed retry is due: everything in scope is looked at as if nothing were known, what no
 * node needs is collected. It needs no event to have arrived, so it repairs what any lost event left behind.
 */
export async function reResolve(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  const recorded: Outcome[] = [];
  for (const trigger of triggers) recorded.push(await record(trigger, ports));
  const outcomes = await reconcile(triggers, ports);
  return recorded.map((outcome, index) => (outcome.kind === 'failed' ? outcome : (outcomes[index] ?? outcome)));
}

/** A force that can't be written comes again by itself; a sweep in its batch goes on. */
async function record(trigger: Trigger, ports: TargetPorts): Promise<Outcome> {
  if (trigger.kind !== 'resolve' || trigger.force !== true) return { kind: 'done' };
  try {
    await recordForce(trigger, ports);
    return { kind: 'done' };
  } catch (cause) {
    return { kind: 'failed', error: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}
