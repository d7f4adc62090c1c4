import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { folderIn, startKmm } from './kmm-start.ts';

describe('kmm start is stopped', { concurrency: true }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`${signal} ends kmm start cleanly, in the middle of its story`, async () => {
      await using kmm = startKmm();
      await kmm.line(({ kind }) => kind === 'state');
      const folder = folderIn(kmm.lines);
      assert.equal(existsSync(folder), true);

      kmm.process.kill(signal);
      const { code, stderr } = await kmm.ended;

      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.equal(existsSync(folder), false, 'the temporary folder is gone');
    });
  }

  it('kmm start --once that is stopped half-way exits 1', async () => {
    await using kmm = startKmm('--once');
    await kmm.line(({ kind }) => kind === 'state');
    kmm.process.kill('SIGTERM');
    assert.equal((await kmm.ended).code, 1);
  });
});
