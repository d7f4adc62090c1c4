import { type Kind, type Kinds, type ObjectKey, resources } from '../../kubernetes/resources.ts';
import type { Cluster, ListOptions } from '../../ports/cluster.ts';

/**
 * A cluster of which we serve some namespaces only, and have no rights in the others: a list over all becomes a list of each,
 * and what lies elsewhere is absent instead of forbidden. Nodes have no namespace.
 */
export function inNamespaces(cluster: Cluster, namespaces: readonly string[]): Cluster {
  const isElsewhere = (kind: Kind, { namespace }: ObjectKey | ListOptions) =>
    resources[kind].namespaced && namespace !== undefined && !namespaces.includes(namespace);
  async function* pages<K extends Kind>(kind: K, options: ListOptions = {}): AsyncGenerator<Kinds[K][]> {
    if (isElsewhere(kind, options)) return;
    const all = !resources[kind].namespaced || options.namespace !== undefined ? [options.namespace] : namespaces;
    for (const namespace of all)
      yield* cluster.pages(kind, namespace === undefined ? options : { ...options, namespace });
  }
  return {
    ...cluster,
    pages,
    get: async (kind, key) => (isElsewhere(kind, key) ? undefined : cluster.get(kind, key)),
    list: async (kind, options) => (await Array.fromAsync(pages(kind, options))).flat(),
  };
}
