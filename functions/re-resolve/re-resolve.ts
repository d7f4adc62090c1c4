import type { Outcome } from '../../shared/events/outcome.ts';
import type { ResolveTrigger, Trigger } from '../../shared/events/trigger.ts';
import { annotations, entryKey } from '../../shared/kmm/labels.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { reconcile } from '../../shared/steps/reconcile.ts';

/**
 * By hand, on a schedule, or when a delayed retry is due: everything in scope is looked at as if nothing were known, what no
 * node needs is collected. It needs no event to have arrived, so it repairs what any lost event left behind.
 */
export async function reResolve(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  for (const trigger of triggers) {
    if (trigger.kind === 'resolve' && trigger.force === true) await recordForce(trigger, ports);
  }
  return reconcile(triggers, ports);
}

/**
 * A force has to outlive this run: it is written to the Module, as a user would have, and is carried out once, whoever sees
 * it first.
 */
async function recordForce({ scope, forcedAt }: ResolveTrigger, { cluster, now }: TargetPorts): Promise<void> {
  const { kernelVersion, architecture } = scope;
  const only =
    kernelVersion === undefined || architecture === undefined ? '' : ` ${entryKey({ kernelVersion, architecture })}`;
  const value = `${forcedAt ?? now().toISOString()} force${only}`;
  for (const { metadata } of await cluster.list(
    'Module',
    scope.namespace === undefined ? {} : { namespace: scope.namespace },
  )) {
    if (scope.module !== undefined && scope.module !== metadata.name) continue;
    const key = { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
    await cluster.patch('Module', key, { metadata: { annotations: { [annotations.reResolve]: value } } });
  }
}
