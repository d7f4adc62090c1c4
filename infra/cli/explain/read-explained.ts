import type { DaemonSet, Node, Pod } from '../../../shared/kubernetes/objects.ts';
import type { NamespaceMarks } from '../../../shared/kubernetes/pod-security.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { type KnownModule, toKnownModule } from '../../../shared/reconcile/known-module.ts';
import { createRunReads } from '../../../shared/steps/run-reads.ts';
import { readNamespaceMarks } from '../plan/security-warnings.ts';

/** All that explaining looks at, read once. */
export interface Explained {
  module: KnownModule;
  daemonSets: DaemonSet[];
  pods: Pod[];
  nodes: Node[];
  /** Absent when it may not be read. */
  namespace: NamespaceMarks | undefined;
  now: Date;
}

/** Reads a Module and what belongs to it; undefined when there is no such Module. One node is enough where it is named. */
export async function readExplained(
  cluster: Cluster,
  key: { namespace: string; name: string },
  node: string | undefined,
  now: Date,
): Promise<Explained | undefined> {
  const object = await cluster.get('Module', key);
  if (object === undefined) return undefined;
  const reads = createRunReads(cluster);
  const [daemonSets, pods, namespace, nodes] = await Promise.all([
    reads.daemonSets(key),
    reads.podsOf(key),
    readNamespaceMarks(cluster, key.namespace),
    node === undefined ? reads.allNodes() : reads.node(node).then((found) => (found === undefined ? [] : [found])),
  ]);
  return { module: toKnownModule(object), daemonSets, pods, nodes, namespace, now };
}
