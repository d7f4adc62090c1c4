import type { WatchedKind } from '../../../shared/events/changes/triggers-of.ts';
import { readObject } from '../../../shared/kubernetes/read-object.ts';
import type { Kinds } from '../../../shared/kubernetes/resources.ts';

type Trim<K extends WatchedKind> = (object: Kinds[K]) => Kinds[K];
const whole = <T>(object: T): T => object;

/** What is kept of each kind between two events; most is cut by the schemas already. */
const trims: { [K in WatchedKind]: Trim<K> } = {
  Node: (node) => ({ ...node, status: { nodeInfo: node.status?.nodeInfo } }),
  Pod: whole,
  DaemonSet: ({ metadata, status }) => ({ metadata, status, spec: { template: { spec: { containers: [] } } } }),
  Job: whole,
  // The generation says that the spec changed, and the status is ours.
  Module: ({ metadata }) => ({ metadata, spec: undefined, status: undefined }),
  ConfigMap: ({ metadata, data }) => {
    const dockerfile = data?.['dockerfile'];
    return { metadata, ...(dockerfile !== undefined && { data: { dockerfile } }) };
  },
};

/** Reads an object of a list or watch and keeps what the change rules look at. Throws InvalidInput. */
export function trimObject<K extends WatchedKind>(kind: K, object: unknown): Kinds[K] {
  return trims[kind](readObject(kind, object, `Watch of ${kind}s`));
}
