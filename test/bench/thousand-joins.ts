import { nodeChanged } from '../../functions/node-changed/node-changed.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import { startLocalFleet, worker } from './support/local-fleet.ts';
import type { Bench } from './support/measured.ts';

const bench = '1,000 joins';
const kernels = ['6.1.0-18-amd64', '6.1.0-21-amd64', '6.12.9+deb13-amd64'];

/** 1,000 nodes with 3 kernels join at once, 10 Modules select them: 30 targets, whatever the nodes. */
export const thousandJoins: Bench = async () => {
  await using fleet = await startLocalFleet({
    modules: 10,
    kernels: kernels.map((kernel) => kernel.replace('+', '_')),
  });
  const { cluster, ports } = fleet;
  cluster.nodes.close();
  const triggers = Array.from({ length: 1000 }, (_, index): Trigger => {
    const name = `node-${index}`;
    cluster.nodes.joinNode({ name, kernelVersion: kernels[index % 3] ?? '', labels: worker });
    return { kind: 'node', name, change: 'joined' };
  });
  const { requests } = cluster;
  requests.reset();
  await nodeChanged(triggers, ports);
  const [daemonSets, nodes] = [requests.of('apply', 'DaemonSet'), requests.writes('Node')];
  const reads = requests.of('list', 'Node') + requests.of('get', 'Node');
  const images = fleet.registry.requests.count();
  const missing = 30 - cluster.store.objects('DaemonSet').length;
  requests.reset();
  await nodeChanged(triggers, ports);
  return [
    { bench, what: 'DaemonSets applied', value: daemonSets, unit: 'requests', most: 30 },
    { bench, what: 'DaemonSets that are missing, of 30', value: missing, unit: 'objects', most: 0 },
    { bench, what: 'reads of nodes', value: reads, unit: 'requests' },
    { bench, what: 'writes of nodes', value: nodes, unit: 'requests', most: 0 },
    { bench, what: 'registry', value: images, unit: 'requests', most: 30 },
    { bench, what: 'writes of a second run', value: requests.writes(), unit: 'requests', most: 0 },
  ];
};
