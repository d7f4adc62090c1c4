import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { startKmm, textsOf } from './kmm-start.ts';

it('kmm start --once tells how a fleet is loaded, and exits 0 when every target is where it should be', async (test) => {
  const data = await mkdtemp(join(tmpdir(), 'kmm-test-'));
  test.after(() => rm(data, { recursive: true }));
  await using kmm = startKmm('--once', '--data', data);
  const { code, stderr } = await kmm.ended;
  const { lines } = kmm;

  assert.deepEqual({ code, stderr, problems: textsOf(lines, 'problem') }, { code: 0, stderr: '', problems: [] });
  const mappings = textsOf(lines, 'mapping').join('\n');
  assert.match(
    mappings,
    /kernelMappings\[0\] literal equals 6\.1\.0-47-amd64 → 127\.0\.0\.1:\d+\/simple-kmod:debian-12/,
  );
  assert.match(mappings, /kernelMappings\[1\] regexp \S+ matches 6\.0\.15-300\.fc37\.x86_64 → \S+\/simple-kmod-fc37:/);
  assert.match(
    mappings,
    /kernelMappings\[2\] regexp \^\.\+\$ matches 6\.12\.57\+deb13-arm64 → \S+:6\.12\.57_deb13-arm64/,
  );

  const states = textsOf(lines, 'state').filter((text) => text.includes('fc37'));
  const missing = states.findIndex((text) => text.includes('is ImageMissing'));
  const ready = states.flatMap((text, index) => (text.includes('is Ready') ? [index] : []));
  assert.equal(missing, 0, 'the Fedora nodes first wait for their image');
  assert.equal(ready.length, 2, 'then it is rolled out, and once more with its new digest');
  assert.match(
    textsOf(lines, 'event').join('\n'),
    /registry-hook was told of a push: simple-kmod-fc37\S+ → image-changed/,
  );
  assert.match(textsOf(lines, 'state').join('\n'), /el9_7\.x86_64\/amd64 is ImageMissing \(NoBuilder\)/);
  assert.match(textsOf(lines, 'pods').join('\n'), /ready on 3 of 3 nodes, 1 of them new/, 'one node goes first');
  assert.match(textsOf(lines, 'labels').join('\n'), /fedora-37-a.*kmm-demo\.simple-kmod\.device-plugin-ready/);
  assert.deepEqual(textsOf(lines, 'error'), []);

  await test.test('told again on the same folder, it finds everything done and writes nothing', async () => {
    await using again = startKmm('--once', '--data', data);
    assert.deepEqual(await again.ended, { code: 0, stderr: '' });
    assert.deepEqual(textsOf(again.lines, 'daemonset'), []);
    assert.deepEqual(textsOf(again.lines, 'state'), []);
  });
});
