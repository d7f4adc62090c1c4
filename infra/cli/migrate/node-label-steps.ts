import type { ObjectRef } from './kinds.ts';
import { isDaemonPod, isStaleNodeLabel, roleOf } from './kmm-marks.ts';
import type { Objects, Snapshot } from './snapshot.ts';
import { type Change, type Step, toRef, toStep } from './step.ts';

/** What runs on a node because of its label. `stays`: the migration leaves it. */
interface Holder {
  ref: ObjectRef;
  stays: boolean;
}

/**
 * Labels that nobody keeps up to date any more. Only those by which nothing of KMM stands on the node: a DaemonSet's pod would
 * be deleted at once, and a loader of 1.x without a DaemonSet be refused, and so ended, when the kubelet starts again.
 */
export function nodeLabelSteps(snapshot: Snapshot): Step[] {
  const holdersOf = indexHolders(snapshot);
  return snapshot.Node.flatMap((node) => {
    const stale = Object.keys(node.metadata.labels).filter(isStaleNodeLabel);
    const holders = new Map(stale.map((label) => [label, holdersOf(node.metadata.name, label)]));
    const removable = stale.filter((label) => !holders.get(label)?.some(({ stays }) => stays));
    if (removable.length === 0) return [];
    const after = removable.flatMap((label) => holders.get(label)?.map(({ ref }) => ref) ?? []);
    const change: Change = { action: 'remove-labels', labels: removable };
    return [toStep('Node', node, change, 'nobody keeps it up to date without KMM', distinct(after))];
  });
}

/** A node's labels that stay for now, since something of KMM stands by them. */
export function heldLabels(snapshot: Snapshot): boolean {
  const holdersOf = indexHolders(snapshot);
  return snapshot.Node.some(({ metadata }) =>
    Object.keys(metadata.labels).some(
      (label) => isStaleNodeLabel(label) && holdersOf(metadata.name, label).some(({ stays }) => stays),
    ),
  );
}

function indexHolders({ DaemonSet, Pod }: Snapshot): (node: string, label: string) => Holder[] {
  const everywhere = group(DaemonSet, ({ spec }) => Object.keys(spec.template.spec.nodeSelector), toDaemonSetHolder);
  const own = group(
    Pod.filter(isDaemonPod),
    ({ spec }) => Object.keys(spec.nodeSelector).map((label) => `${spec.nodeName} ${label}`),
    toPodHolder,
  );
  return (node, label) => [...(everywhere.get(label) ?? []), ...(own.get(`${node} ${label}`) ?? [])];
}

/** A DaemonSet stays only when it runs a DRA driver; pods of 1.x's loaders stay without theirs. */
function toDaemonSetHolder(daemonSet: Objects['DaemonSet']): Holder {
  return { ref: toRef('DaemonSet', daemonSet), stays: roleOf(daemonSet) === 'dra' };
}

function toPodHolder(pod: Objects['Pod']): Holder {
  const isGoing = pod.metadata.deletionTimestamp !== undefined || roleOf(pod) === 'device-plugin';
  return { ref: toRef('Pod', pod), stays: !isGoing };
}

function group<T>(objects: readonly T[], keysOf: (object: T) => string[], toHolder: (object: T) => Holder) {
  const groups = new Map<string, Holder[]>();
  for (const object of objects) {
    for (const key of keysOf(object)) {
      const holders = groups.get(key) ?? [];
      holders.push(toHolder(object));
      groups.set(key, holders);
    }
  }
  return groups;
}

function distinct(refs: readonly ObjectRef[]): ObjectRef[] {
  return [...new Map(refs.map((ref) => [`${ref.kind} ${ref.namespace ?? ''}/${ref.name}`, ref])).values()];
}
