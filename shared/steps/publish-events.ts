import { type EventReason, renderEvent } from '../desired/events.ts';
import { entryKey } from '../kmm/labels.ts';
import type { State } from '../kmm/status.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { KnownModule } from '../reconcile/known-module.ts';
import type { TargetResult } from './run-target.ts';
import { writeEvent } from './write-event.ts';

/** Transitions that people look for in `kubectl describe module`; KMM's reasons where it has them. */
const reasons: Partial<Record<State, readonly [reason: EventReason, type: 'Normal' | 'Warning']>> = {
  Building: ['BuildCreated', 'Normal'],
  BuildFailed: ['BuildFailed', 'Warning'],
  Signing: ['SignCreated', 'Normal'],
  SignFailed: ['SignFailed', 'Warning'],
  ImageRejected: ['ImageRejected', 'Warning'],
  RegistryUnreachable: ['RegistryUnreachable', 'Warning'],
  RolloutFailed: ['RolloutFailed', 'Warning'],
};

/** An Event per target whose state has changed; its name is a hash, so that a repeat is a 409. A refused Event stops nothing. */
export async function publishEvents(
  module: KnownModule,
  results: readonly TargetResult[],
  ports: TargetPorts,
): Promise<void> {
  for (const { wanted, before, entry } of results) {
    const [reason, type] = reasons[entry.state] ?? [];
    if (reason === undefined || type === undefined || before?.state === entry.state) continue;
    const { namespace, name, uid } = module;
    const involved = { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', namespace, name, uid };
    const message = `${entryKey(wanted.target)}: ${entry.message ?? ''}`;
    await writeEvent(renderEvent({ involved, reason, type, message, now: ports.now() }), ports);
  }
}
