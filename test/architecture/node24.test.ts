import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';

/** Preloaded, it makes the running Node look like an old one. */
const looksOld = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });",
)}`;

describe('the first file of every npm script', () => {
  test('runs its file on Node 24, with the arguments that follow', async (t) => {
    const root = await plant(t);
    const { code, stdout } = await run([`${root}/infra/node24.mjs`, `${root}/main.ts`, 'a', '--b']);
    assert.deepEqual([code, stdout], [3, `${root}/main.ts a --b\n`]);
  });

  test('says what is needed when Node is too old and none was brought along', async (t) => {
    const root = await plant(t);
    const { code, stderr } = await run(['--import', looksOld, `${root}/infra/node24.mjs`, `${root}/main.ts`]);
    assert.equal(code, 2);
    assert.match(stderr, /^Node 24 needed, found 20\.1\.0\./);
  });

  test('hands over to the Node that npm ci brought along', { skip: process.platform !== 'linux' }, async (t) => {
    const root = await plant(t);
    const bin = `${root}/node_modules/node-linux-${process.arch}/bin`;
    await mkdir(bin, { recursive: true });
    await writeFile(`${bin}/node`, '#!/bin/sh\necho "brought along: $*"\nexit 4\n');
    await chmod(`${bin}/node`, 0o755);
    const { code, stdout } = await run(['--import', looksOld, `${root}/infra/node24.mjs`, `${root}/main.ts`, 'a']);
    assert.deepEqual([code, stdout], [4, `brought along: ${root}/main.ts a\n`]);
  });
});

async function plant(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'kmm-node24-'));
  t.after(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'infra'));
  await copyFile(join(import.meta.dirname, '../../infra/node24.mjs'), join(root, 'infra/node24.mjs'));
  const main = 'console.log(...process.argv.slice(1));\nprocess.exitCode = 3 satisfies number;\n';
  await writeFile(join(root, 'main.ts'), main);
  return root;
}

function run(argv: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, argv, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    );
  });
}
