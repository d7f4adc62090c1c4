import { nodeChanged } from '../../functions/node-changed/node-changed.ts';
import { rolloutChanged } from '../../functions/rollout-changed/rollout-changed.ts';
import type { StoredObject } from '../../infra/local/cluster/store/object.ts';
import { waitUntil } from '../../infra/local/cluster/wait-until.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import { namespace, startLocalFleet, worker } from './support/local-fleet.ts';
import type { Bench } from './support/measured.ts';

const bench = 'ready labels';
const kernel = '6.1.0-18-amd64';
const size = { nodes: 100, modules: 10 };

/** On 100 nodes the pods of 10 Modules become ready, 1,000 in all, and one batch tells of each. */
export const readyLabels: Bench = async () => {
  await using fleet = await startLocalFleet({ modules: size.modules, kernels: [kernel] });
  const { cluster, ports } = fleet;
  const names = Array.from({ length: size.nodes }, (_, index) => `node-${index}`);
  for (const name of names) cluster.nodes.joinNode({ name, kernelVersion: kernel, labels: worker });
  await nodeChanged(
    names.map((name): Trigger => ({ kind: 'node', name, change: 'joined' })),
    ports,
  );
  const ready = () => cluster.store.objects('Pod').filter(isReady).length === size.nodes * size.modules;
  await waitUntil(cluster.store, 'all pods are ready', ready, 60_000);
  const triggers = names.flatMap((node) =>
    Array.from({ length: size.modules }, (_, index): Trigger => {
      return { kind: 'rollout', namespace, module: `module-${index}`, node };
    }),
  );
  cluster.requests.reset();
  await rolloutChanged(triggers, ports);
  const patches = cluster.requests.writes('Node');
  const labelled = cluster.store.objects('Node').filter((node) => readyLabelsOf(node) === size.modules).length;
  cluster.requests.reset();
  await rolloutChanged(triggers, ports);
  return [
    { bench, what: 'pods that became ready', value: triggers.length, unit: 'pods' },
    { bench, what: 'patches of nodes', value: patches, unit: 'requests', most: size.nodes },
    { bench, what: 'nodes without all 10 labels', value: size.nodes - labelled, unit: 'nodes', most: 0 },
    {
      bench,
      what: 'patches of nodes in a second run',
      value: cluster.requests.writes('Node'),
      unit: 'requests',
      most: 0,
    },
  ];
};

function isReady(pod: StoredObject): boolean {
  return JSON.stringify(pod['status'] ?? {}).includes('"ready":true');
}

function readyLabelsOf({ metadata }: StoredObject): number {
  return Object.keys(metadata.labels ?? {}).filter((key) => key.endsWith('.ready')).length;
}
