import { defaultDesiredSettings } from '../../shared/desired/settings.ts';
import { parseModuleStatus } from '../../shared/kmm/status.ts';
import { defaultIgnoredTaints } from '../../shared/kubernetes/ignored-taints.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { createFakeBus } from '../fakes/bus.ts';
import { createFakeCluster } from '../fakes/cluster.ts';
import { createFakeLogger } from '../fakes/logger.ts';
import { createFakeRegistry } from '../fakes/registry.ts';
import { rawModule } from './module.ts';
import { aNode } from './node.ts';

export const kernel = '6.1.0-18-amd64';
export const image = `registry.example/acme/kmod:${kernel}`;
export const target = { namespace: 'gpu', module: 'acme', kernelVersion: kernel, architecture: 'amd64' };
/** What the Module's default selector wants. */
export const worker = { 'example.com/acme': 'present' };

/** A cluster, a registry and a bus in memory, with one Module and one node that it selects. */
export function aFleet(objects: readonly object[] = [rawModule(), aNode({ labels: worker })]) {
  const clock = { now: new Date('2026-11-01T12:00:00Z') };
  const cluster = createFakeCluster(objects, { now: () => clock.now });
  const registry = createFakeRegistry();
  const bus = createFakeBus();
  const log = createFakeLogger();
  const slept: number[] = [];
  const ports: TargetPorts = {
    cluster,
    images: registry,
    bus,
    log,
    now: () => clock.now,
    sleep: async (milliseconds) => void slept.push(milliseconds),
    settings: {
      desired: defaultDesiredSettings,
      grants: [],
      ignoredTaints: defaultIgnoredTaints,
      hostAliases: {},
      inspector: false,
      maxKernels: 64,
    },
  };
  return {
    ports,
    cluster,
    registry,
    bus,
    log,
    slept,
    /** Moves the clock on. */
    pass: (seconds: number) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    status: async (name = 'acme') =>
      parseModuleStatus((await cluster.get('Module', { namespace: 'gpu', name }))?.status),
    daemonSets: () => cluster.list('DaemonSet'),
  };
}
