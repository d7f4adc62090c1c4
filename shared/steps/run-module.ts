import { entryKey, labels } from '../kmm/labels.ts';
import type { Node } from '../kubernetes/objects.ts';
import { isConflict } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { type KnownModule, toKnownModule } from '../reconcile/known-module.ts';
import type { Wanted } from '../reconcile/select-targets.ts';
import { collectGarbage } from './collect-garbage.ts';
import { followUp } from './follow-ups.ts';
import { publishEvents } from './publish-events.ts';
import { readPodSecurity } from './read-pod-security.ts';
import { runDevicePlugin } from './run-device-plugin.ts';
import type { RunReads } from './run-reads.ts';
import { runTarget, runTargets } from './run-target.ts';
import { writeStatus } from './write-status.ts';

/** How often a Module is gathered and planned anew when others write at the same time. */
const tries = 10;

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
      reads.forget(module);
      const fresh = await ports.cluster.get('Module', { namespace: module.namespace, name: module.name });
      if (fresh === undefined) return;
      module = toKnownModule(fresh);
    }
  }
}

async function runOnce(run: ModuleRun, ports: TargetPorts, reads: RunReads): Promise<void> {
  const { module } = run;
  const all = await reads.daemonSets(run.several ? 'all' : module);
  const own = all.filter(
    ({ metadata }) => metadata.namespace === module.namespace && metadata.labels[labels.moduleName] === module.name,
  );
  const garbage = await collectGarbage(module, own, run.allNodes, ports);
  const { results, failure } = await runTargets(
    run.wanted.filter(({ target }) => !(entryKey(target) in garbage)),
    (wanted) => runTarget(wanted, run, own, ports, reads),
  );
  const plugin = await runDevicePlugin(module, own, run.looksAtPods, ports, reads);
  const looks = run.allNodes !== undefined;
  const podSecurity = looks ? await readPodSecurity(module.namespace, ports, reads) : ({ kind: 'unknown' } as const);
  await ports.bus.publish(results.flatMap(({ messages }) => messages));
  const entries = Object.fromEntries(results.map(({ wanted, entry }) => [entryKey(wanted.target), entry]));
  await writeStatus(run, { ...garbage, ...entries }, plugin, podSecurity, ports);
  // At once after the status: who dies between the two leaves the target to the sweep.
  await ports.bus.publish(
    results.flatMap(({ wanted: { target, attempt, retry }, before, entry: after }) =>
      followUp({ target, before, after, now: ports.now(), attempt, retry }),
    ),
  );
  await publishEvents(module, results, ports);
  if (failure !== undefined) throw failure;
}
