import pLimit from 'p-limit';
import { entryKey } from '../kmm/labels.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { Message } from '../ports/bus.ts';
import { isConflict } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { TargetFacts } from '../reconcile/facts.ts';
import { planTarget } from '../reconcile/plan-target.ts';
import type { Wanted } from '../reconcile/select-targets.ts';
import { toEntry } from '../reconcile/to-entry.ts';
import { applyTarget } from './apply-target.ts';
import { gatherTarget } from './gather-target.ts';
import { loaderDaemonSetsOf } from './live-daemon-set.ts';
import { healthOf } from './read-health.ts';
import type { ModuleRun } from './run-module.ts';
import type { RunReads } from './run-reads.ts';
import { widenRollout } from './widen-rollout.ts';

/** Bounds what one Module asks of registry and API server at a time. */
const targetsAtOnce = 16;

/** What became of one target, before its status is written. */
export interface TargetResult {
  facts: TargetFacts;
  entry: KernelEntry;
  messages: Message[];
  /** The target was looked at by a delayed follow-up. */
  retry: boolean;
}

/** Gather, plan, apply for one target. */
export async function runTarget(
  wanted: Wanted,
  run: ModuleRun,
  own: readonly DaemonSet[],
  ports: TargetPorts,
  reads: RunReads,
): Promise<TargetResult> {
  const { module } = run;
  const loaders = loaderDaemonSetsOf(module, wanted.target, own);
  const health = run.looksAtPods ? await healthOf(module, loaders.current, ports, reads) : undefined;
  const facts = await gatherTarget(
    wanted,
    module,
    { daemonSet: loaders.current, health, siblings: siblingsOf(run) },
    ports,
    reads,
  );
  const planned = planTarget(facts);
  const { plan, messages } = await applyTarget(planned, facts, module, loaders.all, ports);
  if (plan.action.kind === 'none' && plan.row === 'roll-out' && !facts.options.paused) {
    const maxUnavailable =
      facts.resolution.outcome === 'resolved' ? facts.resolution.data.podOptions.maxUnavailable : '10%';
    await widenRollout(loaders.current, health, maxUnavailable, ports);
  }
  const entry = toEntry(facts, plan);
  if (facts.entry?.state !== entry.state || facts.entry?.reason !== entry.reason) {
    ports.log.info('target', {
      target: facts.target,
      row: plan.row,
      state: entry.state,
      reason: entry.reason,
      message: entry.message,
      image: entry.image,
      mapping: facts.resolution.outcome === 'resolved' ? facts.resolution.data.mapping : undefined,
    });
  }
  return { facts, entry, messages, retry: wanted.retry };
}

/** Keys of all targets of the Module, those of this run among them. */
function siblingsOf({ module, wanted }: ModuleRun): string[] {
  return [...Object.keys(module.status.kernels), ...wanted.map(({ target }) => entryKey(target))];
}

/**
 * One target's failure stops no other: what came out well is written, then the first failure is thrown. A conflict stops all,
 * since every target is planned again anyway.
 */
export async function runTargets(
  wanted: readonly Wanted[],
  runOne: (wanted: Wanted) => Promise<TargetResult>,
): Promise<{ results: TargetResult[]; failure: unknown }> {
  const limit = pLimit(targetsAtOnce);
  const settled = await Promise.allSettled(wanted.map((one) => limit(() => runOne(one))));
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const conflict = failures.find(isConflict);
  if (conflict !== undefined) throw conflict;
  return { results: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])), failure: failures[0] };
}
