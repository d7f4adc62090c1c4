import { setTimeout as sleep } from 'node:timers/promises';
import { onceAsync } from '../once.ts';
import { bus } from './bus.ts';
import { cluster } from './cluster.ts';
import { configuration } from './configuration.ts';
import { ecr } from './ecr.ts';
import { logger } from './logger.ts';
import { now } from './now.ts';
import { registry } from './registry.ts';
import { settings } from './settings.ts';

/** Everything that the functions need which bring targets in line; the ports of `shared/steps`. */
export const targetPorts = onceAsync(async () => ({
  cluster: await cluster(),
  images: registry(),
  ...(configuration().grants.length > 0 && { ecr: ecr() }),
  bus: bus(),
  log: logger(),
  now,
  sleep: (milliseconds: number) => sleep(milliseconds),
  settings: settings(),
}));
