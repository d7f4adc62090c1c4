import pLimit from 'p-limit';
import { entryKey } from '../kmm/labels.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { DaemonSet, Node } from '../kubernetes/objects.ts';
import { matchesLabels } from '../kubernetes/selectors.ts';
import type { Message } from '../ports/bus.ts';
import { ClusterError } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { TargetFacts } from '../reconcile/facts.ts';
import type { KnownModule } from '../reconcile/known-module.ts';
import { toKnownModule } from '../reconcile/known-module.ts';
import { planTarget } from '../reconcile/plan-target.ts';
import type { Wanted } from '../reconcile/select-targets.ts';
import { type EntryChanges, planStatusPatch } from '../reconcile/status-patch.ts';
import { toEntry } from '../reconcile/to-entry.ts';
import { applyTarget } from './apply-target.ts';
import { collectGarbage } from './collect-garbage.ts';
import { followUp } from './follow-ups.ts';
import { gatherTarget } from './gather-target.ts';
import { loaderDaemonSetsOf } from './live-daemon-set.ts';
import { publishEvents } from './publish-events.ts';
import { healthOf } from './read-health.ts';
import { type PluginResult, runDevicePlugin } from './run-device-plugin.ts';
import type { RunReads } from './run-reads.ts';
import { widenRollout } from './widen-rollout.ts';

/** How often a Module is gathered and planned anew when others write at the same time. */
const tries = 10;
/** Bounds what one Module asks of registry and API server at a time. */
const targetsAtOnce = 16;

/** What one run does for one Module. */
export interface ModuleRun {
  module: KnownModule;
  wanted: readonly Wanted[];
  /** All nodes, when the run has read them: only then is garbage collected. */
  allNodes: readonly Node[] | undefined;
  /** Reads pods of targets that roll out: their words, the canary. */
  looksAtPods: boolean;
  /** DaemonSets are read for all Modules at once when the run has several. */
  several: boolean;
}

/** Gathers, plans and applies all wanted targets of one Module, then writes its status once. A conflict starts it again. */
export async function runModule(run: ModuleRun, ports: TargetPorts, reads: RunReads): Promise<void> {
  let { module } = run;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runOnce({ ...run, module }, ports, reads);
      return;
    } catch (error) {
      if (!isConflict(error) || attempt === tries) throw error;
      ports.log.debug('somebody else wrote meanwhile: planning again', {
        module: module.name,
        namespace: module.namespace,
        attempt,
      });
      await ports.sleep(attempt * 20);
      reads.forgetDaemonSets();
      const fresh = await ports.cluster.get('Module', { namespace: module.namespace, name: module.name });
      if (fresh === undefined) return;
      module = toKnownModule(fresh);
    }
  }
}

async function runOnce(run: ModuleRun, ports: TargetPorts, reads: RunReads): Promise<void> {
  const { module } = run;
  const all = await reads.daemonSets(run.several ? 'all' : module);
  const own = all.filter(({ metadata }) => metadata.namespace === module.namespace);
  const garbage = await collectGarbage(module, own, run.allNodes, ports);
  const { results, failure } = await runTargets(
    run.wanted.filter(({ target }) => !(entryKey(target) in garbage)),
    (wanted) => runTarget(wanted, run, own, ports, reads),
  );
  const plugin = await runDevicePlugin(module, own, run.looksAtPods, ports, reads);
  await ports.bus.publish(results.flatMap(({ messages }) => messages));
  const entries = Object.fromEntries(results.map(({ facts, entry }) => [entryKey(facts.target), entry]));
  await writeStatus(module, { ...garbage, ...entries }, plugin, matchingNodes(run), ports);
  await publishEvents(module, results, ports);
  await ports.bus.publish(
    results.flatMap(({ facts, entry, retry }) =>
      followUp({
        target: facts.target,
        before: facts.entry,
        after: entry,
        now: facts.now,
        attempt: facts.cause.attempt,
        retry,
      }),
    ),
  );
  if (failure !== undefined) throw failure;
}

/**
 * One target's failure stops no other: what came out well is written, then the first failure is thrown. A conflict stops all,
 * since every target is planned again anyway.
 */
async function runTargets(
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

function isConflict(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 'CONFLICT';
}

export interface TargetResult {
  facts: TargetFacts;
  entry: KernelEntry;
  messages: Message[];
  /** The target was looked at by a delayed follow-up. */
  retry: boolean;
}

async function runTarget(
  wanted: Wanted,
  run: ModuleRun,
  own: readonly DaemonSet[],
  ports: TargetPorts,
  reads: RunReads,
): Promise<TargetResult> {
  const { module } = run;
  const loaders = loaderDaemonSetsOf(module, wanted.target, own);
  const health = run.looksAtPods ? await healthOf(module, loaders.current, ports, reads) : undefined;
  const facts = await gatherTarget(wanted, module, { daemonSet: loaders.current, health }, ports, reads);
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

async function writeStatus(
  module: KnownModule,
  changes: EntryChanges,
  plugin: PluginResult,
  matching: number | undefined,
  ports: TargetPorts,
): Promise<void> {
  const patch = planStatusPatch(module.status, changes, {
    generation: module.generation,
    now: ports.now(),
    plugin: plugin.counters,
    matching,
    invalid: module.invalid,
    dra: module.spec?.dra !== undefined,
  });
  if (patch === undefined) return;
  const key = { namespace: module.namespace, name: module.name };
  await ports.cluster.patch(
    'Module',
    key,
    { status: patch },
    { subresource: 'status', resourceVersion: module.resourceVersion },
  );
}

/** KMM's count of nodes by the selector alone, whatever their kernels. */
function matchingNodes({ module, allNodes }: ModuleRun): number | undefined {
  const { selector } = module.spec ?? {};
  if (allNodes === undefined || selector === undefined) return undefined;
  return allNodes.filter(({ metadata }) => matchesLabels(selector, metadata.labels)).length;
}
