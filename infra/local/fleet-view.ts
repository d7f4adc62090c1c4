import type { DaemonSet, ModuleObject, Node } from '../../shared/kubernetes/objects.ts';
import {
  DaemonSet as DaemonSetSchema,
  ModuleObject as ModuleSchema,
  Node as NodeSchema,
} from '../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import type { ClusterStore } from './cluster/store/store.ts';
import { sampleNames } from './sample-module.ts';

/** What there is to see of the sample Module in a cluster. */
export interface FleetView {
  module: ModuleObject | undefined;
  daemonSets: readonly DaemonSet[];
  nodes: readonly Node[];
}

const key = { namespace: sampleNames.namespace, name: sampleNames.module };

/** By the API, as anybody would look. */
export async function readFleetView(cluster: Cluster): Promise<FleetView> {
  const [module, daemonSets, nodes] = await Promise.all([
    cluster.get('Module', key),
    cluster.list('DaemonSet', { namespace: key.namespace }),
    cluster.list('Node'),
  ]);
  return { module, daemonSets, nodes };
}

/** Without a request, for waiting: the counts of requests then show what the functions asked. */
export function peekFleetView(store: ClusterStore): FleetView {
  const module = store.get('Module', key);
  return {
    module: module && ModuleSchema.parse(module),
    daemonSets: store.objects('DaemonSet').map((object) => DaemonSetSchema.parse(object)),
    nodes: store.objects('Node').map((object) => NodeSchema.parse(object)),
  };
}
