import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { leanZod } from '../../../infra/build/lean-zod.ts';

/** Prints what the schemas of our Modules and of the cluster's objects make of some input. */
const program = `
  import * as z from 'zod';
  import { parseModule } from '../../../shared/kmm/parse-module.ts';
  import { Configuration } from '../../../shared/runtime/configuration.ts';
  import { TriggerSchema } from '../../../shared/events/trigger-schema.ts';
  const tell = (of) => { try { return of(); } catch (error) { return error.message; } };
  const input = [undefined, 1, {}, { metadata: { name: 'a' }, spec: { selector: { a: true } } }];
  const kept = { kind: 'node', name: 'n', change: 'joined', more: 1 };
  console.log(JSON.stringify([
    input.map((one) => parseModule(one)),
    [{}, { clusterName: 'a' }, { clusterName: 'a', grant: [] }].map((one) => tell(() => Configuration.parse(one))),
    [kept, { kind: 'node' }, { kind: 'other' }].map((one) => tell(() => TriggerSchema.parse(one))),
  ]));
  console.log(tell(() => JSON.stringify(z.toJSONSchema(z.string()))));
  console.log(z.config().jitless === true);
`;

describe("a function's zod", () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-zod-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('parses as the whole of it does, and says the same of what is wrong', async () => {
    const [whole, trimmed] = [await run([]), await run([leanZod])];
    assert.match(trimmed[0] ?? '', /invalid_|expected string/);
    assert.equal(trimmed[0], whole[0]);
    assert.deepEqual(whole.slice(1), [
      '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"string"}',
      'false',
    ]);
    assert.deepEqual(trimmed.slice(1), ['zod: this bundle makes no JSON Schema', 'true']);
  });

  async function run(plugins: Plugin[]): Promise<string[]> {
    const outfile = join(folder, `bundle-${plugins.length}.cjs`);
    await build({
      stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      outfile,
      plugins,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile]);
    return stdout.trim().split('\n');
  }
});
