import type { TargetKey } from '../events/trigger.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { Message } from '../ports/bus.ts';

/** What a run knows when it decides about a follow-up. */
export interface FollowUp {
  target: TargetKey;
  before: KernelEntry | undefined;
  after: KernelEntry;
  now: Date;
  attempt: number | undefined;
  /** The run was itself such a follow-up. */
  retry: boolean;
}

/** Two clocks differ by less. A look that comes earlier than this belongs to a rollout that is over. */
const skewMs = 5000;

/**
 * The delayed `resolve` of a target. Only the run whose status patch changed `nextTry` starts one, so there is one chain of
 * retries however many runs see the target; and a follow-up that comes before its time (a queue's delay may be shorter)
 * passes itself on. A look at a rollout is never delayed by more than a queue can do: one that is early is of another chain.
 */
export function followUp({ target, before, after, now, attempt, retry }: FollowUp): Message[] {
  if (after.nextTry === undefined) return [];
  const left = Date.parse(after.nextTry) - now.getTime();
  const changed = after.nextTry !== before?.nextTry;
  const early = retry && left > 0 && (attempt === undefined || left <= skewMs);
  if (!changed && !early) return [];
  const { namespace, module, kernelVersion, architecture } = target;
  const scope = { namespace, module, kernelVersion, architecture };
  const looks = changed ? nextAttempt(before, after, attempt) : attempt;
  const chain = after.state === 'RollingOut' && looks !== undefined ? { attempt: looks } : {};
  const delaySeconds = Math.max(1, Math.ceil(left / 1000));
  return [{ to: 're-resolve', delaySeconds, trigger: { kind: 'resolve', cause: 'retry', scope, ...chain } }];
}

/** Looks at one rollout are counted; another digest is another rollout. */
function nextAttempt(before: KernelEntry | undefined, after: KernelEntry, attempt: number | undefined): number {
  const same = before?.state === 'RollingOut' && before.digest === after.digest;
  return same ? (attempt ?? 0) + 1 : 1;
}
