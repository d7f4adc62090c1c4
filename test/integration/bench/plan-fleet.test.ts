import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const script = join(import.meta.dirname, '../../bench/support/plan-fleet.ts');

for (const how of ['sweep', 'joins']) {
  test(`the fleet of the benchmark makes each Module a target on each kernel (${how})`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, '12', '3', '4', '1', how]);
    const told: unknown = JSON.parse(stdout);
    assert.ok(typeof told === 'object' && told !== null && 'targets' in told);
    assert.equal(told.targets, 12);
  });
}
