import { matchesLabels } from '../kubernetes/selectors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { PodSecurity } from '../reconcile/conditions.ts';
import { type EntryChanges, planStatusPatch } from '../reconcile/status-patch.ts';
import type { PluginResult } from './run-device-plugin.ts';
import type { ModuleRun } from './run-module.ts';

/** Writes what differs of a Module's status, once for all its targets. Throws CONFLICT when somebody else wrote meanwhile. */
export async function writeStatus(
  run: ModuleRun,
  changes: EntryChanges,
  plugin: PluginResult,
  podSecurity: PodSecurity,
  ports: TargetPorts,
): Promise<void> {
  const { module } = run;
  const patch = planStatusPatch(module.status, changes, {
    generation: module.generation,
    now: ports.now(),
    plugin: plugin.counters,
    pluginProblem: plugin.problem,
    matching: matchingNodes(run),
    invalid: module.invalid,
    dra: module.spec?.dra !== undefined,
    podSecurity,
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
