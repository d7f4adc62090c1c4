import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs the test files of the named suites (folders of `test/`), or those whose path holds a word after `--`
 * (`npm run test:real -- registry`). Fails when a test fails, when no test ran, or when fewer files ran than exist.
 */
const [suites, words] = parseArguments(process.argv.slice(2));
const files = suites
  .flatMap((suite) => globSync(`${import.meta.dirname}/${suite}/**/*.test.ts`))
  .filter((file) => words.length === 0 || words.some((word) => file.slice(import.meta.dirname.length).includes(word)))
  .map((file) => resolve(file))
  .sort();
const ran = new Set<string>();
let passed = 0;

const stream = run({ files, concurrency: suites.includes('real') ? 1 : 2, timeout: suites.includes('real') ? 1_800_000 : 120_000 });
stream.on('test:summary', ({ file, success, counts }) => {
  if (file !== undefined) ran.add(resolve(file));
  if (file === undefined) passed = counts.passed;
  if (!success) process.exitCode = 1;
});
stream.on('test:fail', () => {
  process.exitCode = 1;
});
stream.on('end', () => {
  const silent = files.filter((file) => !ran.has(file));
  if (silent.length > 0 || passed === 0) {
    console.error(`Only ${ran.size} of ${files.length} test files ran (${passed} tests passed). Missing: ${silent.join(', ')}`);
    process.exitCode = 1;
  }
});
stream.compose(spec).pipe(process.stdout);

function parseArguments(args: string[]): [suites: string[], words: string[]] {
  const known = ['unit', 'property', 'contract', 'integration', 'architecture', 'real'];
  return [args.filter((arg) => known.includes(arg)), args.filter((arg) => !known.includes(arg) && arg !== '--')];
}
