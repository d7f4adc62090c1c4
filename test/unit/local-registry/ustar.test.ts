import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ustar } from '../../../infra/local/registry/ustar.ts';

function listedByTar(archive: Uint8Array): string[] {
  const { stdout, status, stderr } = spawnSync('tar', ['-tf', '-'], { input: archive });
  assert.equal(status, 0, String(stderr));
  return String(stdout).trim().split('\n');
}

test("the system's tar lists the files below their folders", () => {
  const archive = ustar([
    { path: 'opt/b', content: Buffer.from('b') },
    { path: 'opt/a/x', content: new Uint8Array(513) },
  ]);
  assert.deepEqual(listedByTar(archive), ['opt/', 'opt/a/', 'opt/a/x', 'opt/b']);
});

test("the system's tar reads the content back", () => {
  const archive = ustar([{ path: 'a/b', content: Buffer.from('some text') }]);
  assert.equal(String(spawnSync('tar', ['-xOf', '-', 'a/b'], { input: archive }).stdout), 'some text');
});

test('a path of more than 100 bytes is split at a folder', () => {
  const path = `opt/lib/modules/${'k'.repeat(64)}/updates/dkms/a-rather-long-kernel-object.ko`;
  assert.ok(listedByTar(ustar([{ path, content: Buffer.from('x') }])).includes(path));
});

test('a path that no header can hold is an error that says so', () => {
  assert.throws(() => ustar([{ path: 'x'.repeat(101), content: new Uint8Array() }]), /does not fit/);
});
