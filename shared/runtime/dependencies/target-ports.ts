import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../ports/cluster.ts';
import type { TargetPorts } from '../../ports/target-ports.ts';
import { onceAsync } from '../once.ts';
import { bus } from './bus.ts';
import { cluster } from './cluster.ts';
import { configuration } from './configuration.ts';
import { images } from './images.ts';
import { logger } from './logger.ts';
import { now } from './now.ts';
import { settings } from './settings.ts';

/** Everything that the functions need which bring targets in line, but the bus: a server has its own, and its own way to a cluster. */
export function portsBesideBus(of: Cluster): Omit<TargetPorts, 'bus'> {
  return {
    cluster: of,
    images: images(),
    ...(configuration().builder === 'external' && { builder: { kind: 'external' } }),
    log: logger(),
    now,
    sleep: (milliseconds) => sleep(milliseconds),
    settings: settings(),
  };
}

export const targetPorts = onceAsync(
  async (): Promise<TargetPorts> => ({ ...portsBesideBus(await cluster()), bus: bus() }),
);
