import type { Trigger } from '../../../shared/events/trigger.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { moduleKey, toKnownModule } from '../../../shared/reconcile/known-module.ts';
import { limitKernels } from '../../../shared/reconcile/limit-kernels.ts';
import { planGarbage } from '../../../shared/reconcile/plan-garbage.ts';
import { planTarget } from '../../../shared/reconcile/plan-target.ts';
import { mergeWanted, selectTargets } from '../../../shared/reconcile/select-targets.ts';
import { fleetFacts, fleetModules, fleetNodes } from './fleet-facts.ts';

/**
 * Plans a fleet some times in a process of its own, so that its memory can be told: `plan-fleet.ts <nodes> <modules>
 * <kernels> <rounds> sweep|joins`. The first round is what a cold function pays, the best one what the plan itself costs.
 */
const [nodeCount, moduleCount, kernels, rounds] = process.argv.slice(2, 6).map(Number);
const size = { nodes: nodeCount ?? 0, modules: moduleCount ?? 0, kernels: kernels ?? 0 };
const allNodes = fleetNodes(size);
const objects = fleetModules(size);
const isSweep = process.argv[6] === 'sweep';
const triggers: Trigger[] = isSweep
  ? [{ kind: 'resolve', scope: {}, cause: 'sweep' }]
  : allNodes.map(({ metadata }) => ({ kind: 'node', name: metadata.name, change: 'joined' }));

function plan(): number {
  const modules = objects.map(toKnownModule);
  const nodes = new Map(allNodes.map((node) => [node.metadata.name, node]));
  const input = { modules, nodes, allNodes, now: new Date(), ignoredTaints: defaultIgnoredTaints, hostAliases: {} };
  const selected = triggers.flatMap((trigger) => selectTargets(trigger, input));
  const { kept } = limitKernels([...mergeWanted(selected).values()], modules, 64);
  if (isSweep) for (const module of modules) planGarbage(module, [], allNodes, defaultIgnoredTaints, () => '');
  const byKey = new Map(modules.map((module) => [moduleKey(module), module]));
  return kept.filter((wanted) => {
    const module = byKey.get(moduleKey({ namespace: wanted.target.namespace, name: wanted.target.module }));
    return module !== undefined && planTarget(fleetFacts(wanted, module)).row === 'roll-out';
  }).length;
}

const costs: number[] = [];
let targets = 0;
for (let round = 0; round < (rounds ?? 1); round += 1) {
  const before = process.cpuUsage();
  targets = plan();
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / 1e6);
}
const rss = (process.resourceUsage().maxRSS * 1024) / 1e6;
console.log(JSON.stringify({ first: costs[0], best: Math.min(...costs), rss, targets }));
