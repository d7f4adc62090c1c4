import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { FleetSize } from './support/fleet-facts.ts';
import type { Bench, Measured } from './support/measured.ts';

const bench = 'plan';
const fleet: FleetSize = { nodes: 5000, modules: 100, kernels: 50 };

/** What selecting and planning cost without any read or write, each time in a process of its own. */
export const fleetPlan: Bench = async () => {
  const once = await plan(fleet, 'sweep', 1);
  const batch = await plan({ ...fleet, nodes: 1000 }, 'joins', 1);
  const same = await plan(fleet, 'sweep', 4);
  const twice = await plan({ ...fleet, nodes: fleet.nodes * 2 }, 'sweep', 4);
  return [
    ...costs('5,000 nodes × 100 Modules × 50 kernels', once),
    ...costs('a batch of 1,000 joins × 100 Modules × 50 kernels', batch),
    { bench, what: 'twice the nodes', value: twice.best / same.best, unit: '× CPU', most: 2.2 },
  ];
};

function costs(what: string, { first, rss, targets }: Plan): Measured[] {
  return [
    { bench, what: `${what}: targets`, value: targets, unit: 'targets' },
    { bench, what: `${what}: first plan of a process`, value: first, unit: 'CPU s', most: 1 },
    { bench, what: `${what}: whole process at most`, value: rss, unit: 'MB', most: 256 },
  ];
}

const Plan = z.object({ first: z.number(), best: z.number(), rss: z.number(), targets: z.number().positive() });
type Plan = z.infer<typeof Plan>;

async function plan({ nodes, modules, kernels }: FleetSize, how: 'sweep' | 'joins', rounds: number): Promise<Plan> {
  const script = join(import.meta.dirname, 'support/plan-fleet.ts');
  const args = [script, ...[nodes, modules, kernels, rounds].map(String), how];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  return Plan.parse(JSON.parse(stdout));
}
