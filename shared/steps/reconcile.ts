import pLimit from 'p-limit';
import type { Outcome } from '../events/outcome.ts';
import type { Trigger } from '../events/trigger.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { type KnownModule, moduleKey } from '../reconcile/known-module.ts';
import { limitKernels } from '../reconcile/limit-kernels.ts';
import { mergeWanted, selectTargets, type Wanted } from '../reconcile/select-targets.ts';
import { type LabelFailures, labelNodes } from './label-nodes.ts';
import { type Fleet, readFleet } from './read-fleet.ts';
import { runModule } from './run-module.ts';
import { createRunReads } from './run-reads.ts';

const modulesAtOnce = 8;

/**
 * What all functions that bring targets in line share: triggers → targets, each looked at once → gather, plan, apply per
 * Module → node labels. One outcome per trigger: a Module whose API calls failed fails only the triggers that are about it.
 */
export async function reconcile(triggers: readonly Trigger[], ports: TargetPorts): Promise<Outcome[]> {
  const reads = createRunReads(ports.cluster);
  const fleet = await readFleet(triggers, ports, reads);
  const input = {
    ...fleet,
    now: ports.now(),
    ignoredTaints: ports.settings.ignoredTaints,
    hostAliases: ports.settings.hostAliases,
  };
  const selected = triggers.map((trigger) => selectTargets(trigger, input));
  const wanted = limitKernels([...mergeWanted(selected.flat()).values()], fleet.modules, ports.settings.maxKernels);
  for (const { target } of wanted.refused)
    ports.log.warn('too many kernels of one Module: this one is refused', { target });
  const about = triggers.map((trigger, index) => modulesAbout(trigger, selected[index] ?? [], fleet));
  const failures = await runModules(wanted.kept, new Set(about.flat()), triggers, fleet, ports, reads);
  const labelFailures = await labelNodes(triggers, fleet, ports, reads);
  return about.map((keys, index): Outcome => {
    const error =
      keys.map((key) => failures.get(key)).find((failure) => failure !== undefined) ??
      labelFailureOf(triggers[index], labelFailures);
    return error === undefined ? { kind: 'done' } : { kind: 'failed', error };
  });
}

/** A trigger that names a node is about that node alone; the others about all that were labelled for them. */
function labelFailureOf(trigger: Trigger | undefined, { all, nodes }: LabelFailures): Error | undefined {
  if (all !== undefined || trigger === undefined) return all;
  const name = nodeNameOf(trigger);
  if (name !== undefined) return nodes.get(name);
  const labels = trigger.kind === 'resolve' ? trigger.cause !== 'retry' : trigger.kind === 'module' && trigger.deleted;
  return labels ? [...nodes.values()][0] : undefined;
}

function nodeNameOf(trigger: Trigger): string | undefined {
  if (trigger.kind === 'node') return trigger.name;
  if (trigger.kind === 'rollout') return trigger.node;
  return trigger.kind === 'resolve' ? trigger.scope.node : undefined;
}

async function runModules(
  wanted: readonly Wanted[],
  keys: ReadonlySet<string>,
  triggers: readonly Trigger[],
  fleet: Fleet,
  ports: TargetPorts,
  reads: ReturnType<typeof createRunReads>,
): Promise<Map<string, Error>> {
  const modules = fleet.modules.filter((module) => keys.has(moduleKey(module)));
  const looksAtPods = triggers.some(({ kind }) => kind === 'rollout' || kind === 'resolve');
  const limit = pLimit(modulesAtOnce);
  const failures = new Map<string, Error>();
  const byModule = Map.groupBy(wanted, ({ target }) => moduleKey({ namespace: target.namespace, name: target.module }));
  const runOne = async (module: KnownModule) => {
    const own = byModule.get(moduleKey(module)) ?? [];
    const run = { module, wanted: own, allNodes: fleet.allNodes, looksAtPods, several: modules.length > 1 };
    try {
      await runModule(run, ports, reads);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      ports.log.error('a Module could not be brought in line', { module: moduleKey(module), error: error.message });
      failures.set(moduleKey(module), error);
    }
  };
  await Promise.all(modules.map((module) => limit(() => runOne(module))));
  return failures;
}

/** The Modules that a trigger is about: those of its targets, and those that it names though they have no target. */
function modulesAbout(trigger: Trigger, selected: readonly Wanted[], { modules }: Fleet): string[] {
  const ofTargets = selected.map(({ target }) => moduleKey({ namespace: target.namespace, name: target.module }));
  return [...new Set([...ofTargets, ...named(trigger, modules).map(moduleKey)])];
}

function named(trigger: Trigger, modules: readonly KnownModule[]): readonly KnownModule[] {
  const find = (namespace: string | undefined, name: string | undefined) =>
    modules.filter(
      (module) =>
        (namespace === undefined || module.namespace === namespace) && (name === undefined || module.name === name),
    );
  if (trigger.kind === 'module') return trigger.deleted ? [] : find(trigger.namespace, trigger.name);
  if (trigger.kind === 'rollout') return find(trigger.namespace, trigger.module);
  if (trigger.kind !== 'resolve' || trigger.scope.node !== undefined) return [];
  return find(trigger.scope.namespace, trigger.scope.module);
}
