import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { keepLoadedScript } from '../../../infra/cli/migrate/keep-loaded.ts';

suite('the shell that keeps a module when its 1.x pod is deleted', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'kmm-keep-'));
  });
  after(() => rmSync(root, { recursive: true }));

  /** A container's /sbin, in which modprobe is kmod, as a link; `unloaded` is what it would leave. */
  function container(name: string) {
    const sbin = join(root, name);
    const unloaded = join(sbin, 'unloaded');
    mkdirSync(sbin);
    writeFileSync(join(sbin, 'kmod'), `#!/bin/sh\ntouch "${unloaded}"\n`);
    chmodSync(join(sbin, 'kmod'), 0o755);
    symlinkSync('kmod', join(sbin, 'modprobe'));
    const env = { PATH: `${sbin}${delimiter}${process.env['PATH'] ?? ''}` };
    const sh = (script: string) => spawnSync('/bin/sh', ['-c', script], { env, cwd: sbin, encoding: 'utf8' });
    return { sh, unloaded, sbin };
  }

  test('takes the place of modprobe: the preStop unloads nothing, and does not go on to the firmware', () => {
    const { sh, unloaded, sbin } = container('kept');
    const firmware = join(sbin, 'firmware-removed');
    assert.equal(sh(keepLoadedScript).status, 0);
    const preStop = sh(`modprobe -rv -d /opt acme && touch "${firmware}"`);
    assert.notEqual(preStop.status, 0);
    assert.deepEqual([existsSync(unloaded), existsSync(firmware)], [false, false]);
  });

  test('without it the preStop does unload', () => {
    const { sh, unloaded } = container('lost');
    sh('modprobe -rv -d /opt acme');
    assert.equal(existsSync(unloaded), true);
  });

  test('run twice it stays so', () => {
    const { sh } = container('twice');
    assert.deepEqual([sh(keepLoadedScript).status, sh(keepLoadedScript).status], [0, 0]);
  });

  test('a shell that has modprobe built in is not taken for success: the pod is not deleted then', () => {
    const { sh } = container('built-in');
    assert.notEqual(sh(`modprobe() { return 0; }; ${keepLoadedScript}`).status, 0);
  });
});
