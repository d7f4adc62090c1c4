import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';

const passing = "import { test } from 'node:test';\ntest('fine', () => {});\n";
const skipping = `${passing}test('unable', { skip: 'needs root' }, () => {});\n`;

type Case = {
  name: string;
  files: Record<string, string>;
  args?: string[];
  env?: Record<string, string>;
  code: number;
  says: RegExp;
};

const cases: Case[] = [
  { name: 'passes when all pass', files: { 'unit/a.test.ts': passing }, code: 0, says: /ℹ pass 1\n/ },
  {
    name: 'fails when a test fails',
    files: { 'unit/a.test.ts': passing, 'unit/b.test.ts': passing.replace('{}', "{ throw new Error('no'); }") },
    code: 1,
    says: /ℹ pass 1\nℹ fail 1\n/,
  },
  {
    name: 'fails when an import of one file fails',
    files: { 'unit/a.test.ts': passing, 'unit/b.test.ts': `import './gone.ts';\n${passing}` },
    code: 1,
    says: /Only 1 of 2 test files told their results; missing: unit\/b\.test\.ts/,
  },
  {
    name: 'fails when a file leaves with success before its tests ran',
    files: { 'unit/a.test.ts': passing, 'unit/b.test.ts': `${passing}process.exit(0);` },
    code: 1,
    says: /Only 1 of 2 test files/,
  },
  {
    name: 'fails when a file holds no test',
    files: { 'unit/a.test.ts': passing, 'unit/b.test.ts': 'export const nothing = true;' },
    code: 1,
    says: /Only 1 of 2 test files/,
  },
  {
    name: 'fails when a file does not end, and names it',
    files: { 'unit/a.test.ts': `${passing}setInterval(() => {}, 1000);` },
    args: ['--file-timeout', '1000', 'unit'],
    code: 1,
    says: /unit\/a\.test\.ts did not end within 1 s/,
  },
  { name: 'fails when there is no test file', files: {}, code: 1, says: /No test file under .* matches: unit\n/ },
  {
    name: 'runs only the files whose path holds a word',
    files: { 'unit/a.test.ts': 'throw new Error()', 'unit/registry/b.test.ts': passing },
    args: ['unit', 'registry'],
    code: 0,
    says: /ℹ tests 1\n/,
  },
  {
    name: 'fails when no file holds the word',
    files: { 'unit/a.test.ts': passing },
    args: ['unit', 'registry'],
    code: 1,
    says: /matches: unit registry\n/,
  },
  {
    name: 'allows a skipped real test on a desk',
    files: { 'real/a.test.ts': skipping },
    args: ['real'],
    code: 0,
    says: /ℹ skipped 1\n/,
  },
  {
    name: 'fails over a skipped real test under CI',
    files: { 'real/a.test.ts': skipping },
    args: ['real'],
    env: { CI: 'true' },
    code: 1,
    says: /1 tests of the real suite were skipped under CI/,
  },
];

describe('the test runner', { concurrency: true }, () => {
  for (const { name, files, args = ['unit'], env = {}, code, says } of cases) {
    test(name, async (t) => {
      const root = await mkdtemp(join(tmpdir(), 'kmm-run-'));
      t.after(() => rm(root, { recursive: true }));
      for (const [path, text] of Object.entries(files)) await write(join(root, path), text);
      const result = await runTests(['--root', root, ...args], env);
      assert.match(result.output, says);
      assert.equal(result.code, code);
    });
  }
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** NODE_TEST_CONTEXT must go: node:test runs no files for a process that believes to be a test file itself. */
function runTests(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  const { NODE_TEST_CONTEXT: _context, CI: _ci, FORCE_COLOR: _color, ...inherited } = process.env;
  const argv = [join(import.meta.dirname, '../run.ts'), ...args];
  return new Promise((done) => {
    const child = execFile(process.execPath, argv, { env: { ...inherited, ...env } }, (_error, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}
