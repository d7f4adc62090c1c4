import { entryKey, labels } from '../../../shared/kmm/labels.ts';
import type { KernelEntry } from '../../../shared/kmm/status.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { DaemonSet } from '../../../shared/kubernetes/objects.ts';
import { goneWords } from '../../../shared/reconcile/digest-gone.ts';
import { moduleKey } from '../../../shared/reconcile/known-module.ts';
import { podHealth } from '../../../shared/reconcile/pod-health.ts';
import { selectNode } from '../../../shared/reconcile/select-node.ts';
import { loaderDaemonSetsOf } from '../../../shared/steps/live-daemon-set.ts';
import { securityWarnings } from '../plan/security-warnings.ts';
import { splitEntryKey } from '../split-entry-key.ts';
import { mappingWords } from './mapping-words.ts';
import { nextStep } from './next-step.ts';
import type { Explained } from './read-explained.ts';
import type { TargetStory } from './story.ts';

/** The targets of a Module: those of its nodes, and those that have an entry, in the order of their names. */
export function targetStories(explained: Explained): TargetStory[] {
  const { module, nodes } = explained;
  const counts = new Map(Object.keys(module.status.kernels).map((key) => [key, 0]));
  for (const node of nodes) {
    const selection = selectNode(module, node, defaultIgnoredTaints);
    if (!selection.selected) continue;
    const key = entryKey(selection.target);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, count]) => {
      const target = splitEntryKey(key);
      return target === undefined ? [] : [targetStory(explained, target, count)];
    });
}

export function targetStory(
  explained: Explained,
  target: { kernelVersion: string; architecture: string },
  nodes: number,
): TargetStory {
  const { module, daemonSets } = explained;
  const entry = module.status.kernels[entryKey(target)];
  const resolution = module.resolve(target.kernelVersion);
  const data = resolution.outcome === 'resolved' ? resolution.data : undefined;
  const { current } = loaderDaemonSetsOf(
    module,
    { namespace: module.namespace, module: module.name, ...target },
    daemonSets,
  );
  const lastError = current === undefined ? undefined : troubleOf(explained, current);
  const mappings = module.spec?.moduleLoader?.container?.kernelMappings ?? [];
  return {
    ...target,
    mapping: mappingWords(resolution, mappings, target.kernelVersion),
    nodes,
    ...defined({
      image: entry?.image ?? data?.containerImage,
      digest: entry?.digest,
      daemonSet: current && `${module.namespace}/${current.metadata.name}`,
      state: entry?.state,
      reason: entry?.reason,
      message: messageOf(entry),
      nextTry: entry?.nextTry,
      rollout: entry?.rollout,
      lastError,
      namespace: current && securityWarnings(explained.namespace, current)[0],
    }),
    outdated: entry !== undefined && entry.observedGeneration !== module.generation,
    next:
      entry === undefined
        ? `the functions have not looked at it yet: do they run, and do events reach them? "kmm re-resolve --module ${moduleKey(module)}" asks them to`
        : nextStep(entry, moduleKey(module)),
  };
}

function troubleOf({ pods, nodes, now }: Explained, daemonSet: DaemonSet): string | undefined {
  const own = pods.filter(({ metadata }) => metadata.labels[labels.daemonSet] === daemonSet.metadata.name);
  return podHealth(daemonSet, own, new Map(nodes.map((node) => [node.metadata.name, node])), now).trouble;
}

/** Without the keys that are undefined. */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const kept: Partial<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

function messageOf(entry: KernelEntry | undefined): string | undefined {
  if (!entry?.digestGone) return entry?.message;
  return [entry.message, goneWords(entry)].filter(Boolean).join('; ');
}
