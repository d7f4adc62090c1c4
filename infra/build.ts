import { join } from 'node:path';
import { type Bundle, bundle } from './build/bundle.ts';
import { listOverBudget, toTable } from './build/report.ts';
import { listTargets } from './build/targets.ts';

/**
 * `npm run build [-- name…]`: one folder `dist/<name>` per function, for the server and for `kmm`. Fails when a bundle
 * is over its budget (infra/build/targets.ts), and when a name is unknown.
 */
const root = join(import.meta.dirname, '..');
const names = process.argv.slice(2);
const { targets, missing } = listTargets(root);
const wanted = (target: { name: string }) => names.length === 0 || names.includes(target.name);

for (const { name, entry } of missing.filter(wanted)) console.error(`${name}: skipped, there is no ${entry}`);
const unknown = names.filter((name) => ![...targets, ...missing].some((target) => target.name === name));
fail(unknown.map((name) => `Nothing to build is called ${name}`));
// Asked for by name (as `npm pack` does), a missing program is no detail.
fail(missing.filter(({ name }) => names.includes(name)).map(({ name }) => `${name} can't be built`));

const bundles: Bundle[] = [];
for (const target of targets.filter(wanted)) {
  try {
    bundles.push(await bundle(root, join(root, 'dist'), target));
  } catch (error) {
    // One that can't be built hides nothing about the others.
    fail([`${target.name}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
console.log(toTable(bundles));
fail(listOverBudget(bundles));

function fail(sentences: string[]): void {
  for (const sentence of sentences) console.error(sentence);
  if (sentences.length > 0) process.exitCode = 1;
}
