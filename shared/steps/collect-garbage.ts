import { loaderDaemonSetName } from '../desired/names.ts';
import type { DaemonSet, Node } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { type KnownModule, optionsOf } from '../reconcile/known-module.ts';
import { planGarbage } from '../reconcile/plan-garbage.ts';
import { deleteDaemonSet } from './apply-target.ts';

/**
 * Deletes loader DaemonSets that no node needs; returns the entries that go (`null`). Only with a complete list of nodes,
 * and nothing for a Module that is invalid or paused: its running things stay.
 */
export async function collectGarbage(
  module: KnownModule,
  own: readonly DaemonSet[],
  nodes: readonly Node[] | undefined,
  ports: TargetPorts,
): Promise<Record<string, null>> {
  if (nodes === undefined || module.invalid !== undefined || optionsOf(module).paused) return {};
  const version = module.spec?.moduleLoader?.container?.version || undefined;
  const garbage = planGarbage(module, own, nodes, ports.settings.ignoredTaints, (target) =>
    loaderDaemonSetName({ module: module.name, ...target, version }),
  );
  for (const daemonSet of garbage.daemonSets) {
    ports.log.info('collecting a DaemonSet without nodes', {
      namespace: module.namespace,
      daemonSet: daemonSet.metadata.name,
    });
    await deleteDaemonSet(daemonSet, ports);
  }
  return Object.fromEntries(garbage.entries.map((key) => [key, null]));
}
