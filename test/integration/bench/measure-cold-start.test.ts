import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { measureColdStart, toColdStartLine } from '../../bench/support/measure-cold-start.ts';

test('a cold start is measured until the first answer, beside an empty function', async (t) => {
  const busy = 'const end = Date.now() + 150; while (Date.now() < end);';
  const bundle = await plant(
    t,
    `exports.main = async ({ ms }) => { if (ms === 1 && process.env.A === 'b') {${busy}} };`,
  );
  const cost = await measureColdStart({ bundle, handler: 'main', event: { ms: 1 }, env: { A: 'b' }, runs: 1 });
  assert.ok(cost.bundle.wall >= 150, 'the wait of the handler counts');
  assert.ok(cost.bundle.rss > 10 && cost.empty.cpu > 1);
  assert.equal(cost.ratio.cpu, cost.bundle.cpu / cost.empty.cpu);
  assert.match(
    toColdStartLine('f', cost),
    /^f: \d+ ms, \d+ CPU ms, \d+ MiB; empty function \d+, .*; ratio \d+\.\d\d, /,
  );
});

test('a function that fails instead of answering is no cold start', async (t) => {
  const bundle = await plant(t, "exports.handler = async () => { throw new Error('no configuration'); };");
  await assert.rejects(measureColdStart({ bundle, runs: 1 }), /did not answer: .*Error: no configuration/s);
});

async function plant(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kmm-bench-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'index.cjs'), text);
  return join(folder, 'index.cjs');
}
