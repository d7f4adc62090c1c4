import type { TargetKey } from '../events/trigger.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { Message } from '../ports/bus.ts';

/**
 * The delayed `resolve` of a target whose `nextTry` this run has changed: only such a run publishes one, so that there is one
 * chain of retries however many runs see the target.
 */
export function followUp(
  target: TargetKey,
  before: KernelEntry | undefined,
  after: KernelEntry,
  now: Date,
  attempt: number | undefined,
): Message[] {
  if (after.nextTry === undefined || after.nextTry === before?.nextTry) return [];
  const delaySeconds = Math.max(1, Math.ceil((Date.parse(after.nextTry) - now.getTime()) / 1000));
  const { namespace, module, kernelVersion, architecture } = target;
  const chain = after.state === 'RollingOut' ? { attempt: before?.state === 'RollingOut' ? (attempt ?? 0) + 1 : 1 } : {};
  const scope = { namespace, module, kernelVersion, architecture };
  return [{ to: 're-resolve', delaySeconds, trigger: { kind: 'resolve', cause: 'retry', scope, ...chain } }];
}
