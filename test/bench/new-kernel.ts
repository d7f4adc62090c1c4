import { nodeChanged } from '../../functions/node-changed/node-changed.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import { type LocalFleet, startLocalFleet, worker } from './support/local-fleet.ts';
import type { Bench, Measured } from './support/measured.ts';
import { median } from './support/median.ts';

const bench = 'new kernel';
const kernels = Array.from({ length: 20 }, (_, index) => `6.1.0-${index}-amd64`);

/** A node joins with a kernel that the cluster has not seen, its image is there, the process is warm. */
export const newKernel: Bench = async () => {
  await using fleet = await startLocalFleet({ modules: 1, kernels });
  // Without DaemonSet controller and kubelets: what they write would be a reason for the second run to write.
  fleet.cluster.nodes.close();
  const runs: number[] = [];
  let counts: Measured[] = [];
  for (const kernelVersion of kernels) {
    const trigger = join(fleet, kernelVersion);
    fleet.cluster.requests.reset();
    fleet.registry.requests.clear();
    const started = performance.now();
    await run(trigger, fleet);
    runs.push(performance.now() - started);
    counts = worst(counts, await countRuns(trigger, fleet));
  }
  const missing = kernels.length - fleet.cluster.store.objects('DaemonSet').length;
  const get = await medianGet(fleet);
  return [
    ...counts,
    { bench, what: 'DaemonSets that are missing', value: missing, unit: 'objects', most: 0 },
    { bench, what: 'time of the run', value: median(runs.slice(5)) / get, unit: '× one GET' },
  ];
};

function join({ cluster }: LocalFleet, kernelVersion: string): Trigger {
  const name = `node-${kernelVersion}`;
  cluster.nodes.joinNode({ name, kernelVersion, labels: worker });
  return { kind: 'node', name, change: 'joined' };
}

async function run(trigger: Trigger, { ports }: LocalFleet): Promise<void> {
  const [outcome] = await nodeChanged([trigger], ports);
  if (outcome?.kind !== 'done') throw new Error('the run failed', { cause: outcome?.error });
}

/** Counts the run that has just ended, and one more on top of it. */
async function countRuns(trigger: Trigger, fleet: LocalFleet): Promise<Measured[]> {
  const { requests } = fleet.cluster;
  const reads = Object.entries(requests.all()).filter(([key]) => /^(get|list) (?!Secret)/.test(key));
  const other = requests.writes() - requests.writes('DaemonSet') - requests.writes('Module') - requests.writes('Event');
  const first: Measured[] = [
    { bench, what: 'reads beside Secrets', value: sum(reads.map(([, count]) => count)), unit: 'requests', most: 3 },
    { bench, what: 'registry', value: fleet.registry.requests.count(), unit: 'requests', most: 1 },
    { bench, what: 'writes of DaemonSets', value: requests.writes('DaemonSet'), unit: 'requests', most: 1 },
    { bench, what: 'patches of status', value: requests.writes('Module'), unit: 'requests', most: 1 },
    { bench, what: 'Events', value: requests.writes('Event'), unit: 'requests' },
    { bench, what: 'other writes', value: other, unit: 'requests', most: 0 },
  ];
  requests.reset();
  await run(trigger, fleet);
  return [...first, { bench, what: 'writes of a second run', value: requests.writes(), unit: 'requests', most: 0 }];
}

function worst(before: readonly Measured[], now: readonly Measured[]): Measured[] {
  return now.map((one, index) => ({ ...one, value: Math.max(one.value, before[index]?.value ?? 0) }));
}

async function medianGet({ ports }: LocalFleet): Promise<number> {
  const times: number[] = [];
  for (const kernelVersion of [...kernels, ...kernels, ...kernels]) {
    const started = performance.now();
    await ports.cluster.get('Node', { name: `node-${kernelVersion}` });
    times.push(performance.now() - started);
  }
  return median(times);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
