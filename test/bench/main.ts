import { parseArgs } from 'node:util';
import { coldStart } from './cold-start.ts';
import { fleetPlan } from './fleet-plan.ts';
import { newKernel } from './new-kernel.ts';
import { readyLabels } from './ready-labels.ts';
import { type Bench, type Measured, overBudget, toTable } from './support/measured.ts';
import { thousandJoins } from './thousand-joins.ts';

/**
 * `npm run bench [-- name…] [-- -o json]`: measures what the budgets are about, as ratios and counts within this run, and
 * fails when one is exceeded. Never part of the tests: a busy machine is no reason to fail them.
 */
const benches: Record<string, Bench> = {
  'cold-start': coldStart,
  'new-kernel': newKernel,
  'thousand-joins': thousandJoins,
  'fleet-plan': fleetPlan,
  'ready-labels': readyLabels,
};

const { values, positionals } = parseArgs({
  options: { output: { type: 'string', short: 'o', default: 'table' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`No benchmark is called ${unknown}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const measured: Measured[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.error(`${name} …`);
  measured.push(...(await bench()));
}
const over = overBudget(measured);
console.log(values.output === 'json' ? JSON.stringify({ measured, over }, undefined, 2) : toTable(measured));
for (const line of over) console.error(`over budget: ${line}`);
if (over.length > 0) process.exitCode = 1;
