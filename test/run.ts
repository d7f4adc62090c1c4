import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type EventData, run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

/**
 * Runs the test files of the named suites (folders of `test/`), of those the ones whose path holds a word that follows
 * (`npm run test:real -- registry`). Fails when a test fails, when no test passed, when a file that exists told no
 * result (it died, left early or holds no test), and under CI when a test of the real suite was skipped.
 */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: import.meta.dirname }, 'file-timeout': { type: 'string' } },
});
const root = resolve(options.root);
const [suites, words] = splitArguments(positionals);
const isReal = suites.includes('real');
const fileTimeout = Number(options['file-timeout'] ?? (isReal ? 3_600_000 : 150_000));
const files = suites
  .flatMap((suite) => globSync(`${suite}/**/*.test.ts`, { cwd: root }))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .map((file) => join(root, file))
  .sort();

const told = new Set<string>();
const complaints: string[] = [];
const stuck = new AbortController();
const watches = new Map<string, NodeJS.Timeout>();
if (files.length > 0) runFiles();
else fail(`No test file under ${root} matches: ${positionals.join(' ')}`);
process.on('exit', () => complaints.forEach((complaint) => void console.error(complaint)));

function runFiles(): void {
  // The real suite's files share the machine (ports, packages, kernel modules), so they take turns.
  const concurrency = isReal ? 1 : Math.max(2, availableParallelism());
  const stream = run({ files, concurrency, timeout: fileTimeout * 0.8, signal: stuck.signal });
  stream.on('test:dequeue', ({ file }) => watch(file));
  stream.on('test:complete', ({ file, name }) => isFile(file, name) && clearTimeout(watches.get(file)));
  stream.on('test:fail', () => {
    process.exitCode = 1;
  });
  stream.on('test:summary', summarize);
  stream.compose(spec).on('end', missSilentFiles).pipe(process.stdout);
}

/** node:test's own timeout is per test: a file that never ends (a server left open) would hold the run for ever. */
function watch(file: string | undefined): void {
  // Tests that a helper defines are told under the helper's name, and that one never ends.
  if (file === undefined || !files.includes(resolve(file)) || watches.has(file)) return;
  const timer = setTimeout(() => {
    fail(`${relative(root, file)} did not end within ${fileTimeout / 1000} s; the run was stopped`);
    stuck.abort();
  }, fileTimeout);
  watches.set(file, timer);
}

/** One summary comes per file that ran its tests to the end, and one without `file` for the whole run. */
function summarize({ file, success, counts }: EventData.TestSummary): void {
  if (!success) process.exitCode = 1;
  if (file !== undefined) {
    told.add(resolve(file));
    return;
  }
  if (counts.passed === 0) fail('No test passed');
  const left = counts.skipped + counts.todo;
  if (isReal && process.env['CI'] === 'true' && left > 0) fail(`${left} tests of the real suite were skipped under CI`);
}

function missSilentFiles(): void {
  const silent = files.filter((file) => !told.has(file)).map((file) => relative(root, file));
  if (silent.length > 0) {
    fail(`Only ${told.size} of ${files.length} test files told their results; missing: ${silent.join(', ')}`);
  }
  for (const timer of watches.values()) clearTimeout(timer); // of the silent ones
}

function fail(complaint: string): void {
  process.exitCode = 1;
  complaints.push(complaint);
}

function isFile(file: string | undefined, name: string): file is string {
  return file !== undefined && (name === file || resolve(name) === file);
}

function splitArguments(args: string[]): [suites: string[], words: string[]] {
  const known = ['unit', 'property', 'contract', 'integration', 'architecture', 'real'];
  const firstWord = args.findIndex((arg) => !known.includes(arg));
  return firstWord === -1 ? [args, []] : [args.slice(0, firstWord), args.slice(firstWord)];
}
