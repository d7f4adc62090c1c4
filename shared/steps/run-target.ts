import pLimit from 'p-limit';
import { entryKey } from '../kmm/labels.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { Message } from '../ports/bus.ts';
import { isConflict } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { planTarget } from '../reconcile/plan-target.ts';
import type { Wanted } from '../reconcile/select-targets.ts';
import { toEntry } from '../reconcile/to-entry.ts';
import { applyTarget } from './apply-target.ts';
import { gatherTarget } from './gather-target.ts';
import { loaderDaemonSetsOf, toLiveDaemonSet } from './live-daemon-set.ts';
import { healthOf } from './read-health.ts';
import type { ModuleRun } from './run-module.ts';
import type { RunReads } from './run-reads.ts';
import { widenRollout } from './widen-rollout.ts';

/** Bounds what one Module asks of registry and API server at a time. */
const targetsAtOnce = 16;

/** What became of one target, before its status is written. */
export interface TargetResult {
  wanted: Wanted;
  before: KernelEntry | undefined;
  entry: KernelEntry;
  /** Requests for the bus, which go out before the status is written. */
  messages: Message[];
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
  const before = module.status.kernels[entryKey(wanted.target)];
  const loaders = loaderDaemonSetsOf(module, wanted.target, own);
  if (before !== undefined && onlyCounts(wanted, before)) {
    return { wanted, before, entry: withCounts(before, loaders.current), messages: [] };
  }
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
  if (before?.state !== entry.state || before?.reason !== entry.reason) {
    ports.log.info('target', {
      target: wanted.target,
      row: plan.row,
      state: entry.state,
      reason: entry.reason,
      message: entry.message,
      image: entry.image,
      mapping: facts.resolution.outcome === 'resolved' ? facts.resolution.data.mapping : undefined,
    });
  }
  return { wanted, before, entry, messages };
}

/** Pods tell nothing new of a target that waits for an image, a build or an answer: nobody is asked for it again. */
function onlyCounts(wanted: Wanted, before: KernelEntry): boolean {
  return wanted.onlyRollout && !['Ready', 'RollingOut', 'RolloutFailed'].includes(before.state);
}

function withCounts(before: KernelEntry, daemonSet: DaemonSet | undefined): KernelEntry {
  if (daemonSet === undefined) {
    const { rollout, ...rest } = before; // it went, and took its counts along
    return rollout === undefined ? before : rest;
  }
  const live = toLiveDaemonSet(daemonSet);
  if (!live.observed) return before;
  return { ...before, rollout: { desired: live.desired, updated: live.updated, available: live.available } };
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
