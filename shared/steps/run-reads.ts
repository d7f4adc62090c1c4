import { labels } from '../kmm/labels.ts';
import type { DaemonSet, Node, Pod, Secret } from '../kubernetes/objects.ts';
import type { Cluster } from '../ports/cluster.ts';

interface ModuleName {
  namespace: string;
  name: string;
}

/** Reads of one run, each asked at most once however many targets need it. */
export interface RunReads {
  allNodes(): Promise<Node[]>;
  node(name: string): Promise<Node | undefined>;
  /** Those of these nodes that exist: from the list when it was read or costs less than a GET each. */
  nodes(names: readonly string[]): Promise<Node[]>;
  /** DaemonSets of ours: of one Module, or of all. */
  daemonSets(module: ModuleName | 'all'): Promise<DaemonSet[]>;
  podsOf(module: ModuleName): Promise<Pod[]>;
  secret(namespace: string, name: string): Promise<Secret | undefined>;
  /** Any other read, under a name of its own. */
  once<T>(key: string, read: () => Promise<T>): Promise<T>;
  /** What a registry says to this namespace, under a name that holds all that the answer depends on. */
  image<T>(namespace: string, key: string, read: () => Promise<T>): Promise<T>;
  /** Forgets what a conflict over a Module has shown to be old: its objects, and images that somebody else has seen newer. */
  forget(module: ModuleName): void;
}

const mostNodeGets = 20;

export function createRunReads(cluster: Pick<Cluster, 'get' | 'list'>): RunReads {
  const memo = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const known = memo.get(key);
    if (known !== undefined) return known as Promise<T>; // each key is asked with one type only
    const asked = read();
    memo.set(key, asked);
    return asked;
  };
  const selector = (module: ModuleName) => ({
    namespace: module.namespace,
    labelSelector: `${labels.moduleName}=${module.name},${labels.role}`,
  });
  const allNodes = () => once('nodes', () => cluster.list('Node'));
  const node = (name: string) => once(`node ${name}`, () => cluster.get('Node', { name }));
  return {
    once,
    allNodes,
    node,
    nodes: async (names) => {
      const asked = new Set(names);
      if (memo.has('nodes') || names.length > mostNodeGets)
        return (await allNodes()).filter(({ metadata }) => asked.has(metadata.name));
      return (await Promise.all(names.map(node))).filter((found) => found !== undefined);
    },
    daemonSets: (module) =>
      module === 'all'
        ? once('daemon-sets', () => cluster.list('DaemonSet', { labelSelector: `${labels.moduleName},${labels.role}` }))
        : once(`daemon-sets ${module.namespace}/${module.name}`, () => cluster.list('DaemonSet', selector(module))),
    podsOf: (module) => once(`pods ${module.namespace}/${module.name}`, () => cluster.list('Pod', selector(module))),
    secret: (namespace, name) => once(`secret ${namespace}/${name}`, () => cluster.get('Secret', { namespace, name })),
    image: (namespace, key, read) => once(`image ${namespace}/${key}`, read),
    forget: ({ namespace, name }) => {
      const old = (key: string) =>
        key.startsWith('daemon-sets') || key.startsWith(`image ${namespace}/`) || key === `pods ${namespace}/${name}`;
      for (const key of memo.keys()) if (old(key)) memo.delete(key);
    },
  };
}
