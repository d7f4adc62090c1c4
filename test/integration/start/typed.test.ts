import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { startKmm } from './kmm-start.ts';

const root = join(import.meta.dirname, '../../..');

/** Pastes a line into a shell, in the checkout, with the Node that runs the tests. */
async function paste(line: string): Promise<string> {
  const path = `${join(process.execPath, '..')}:${process.env['PATH']}`;
  const { stdout } = await promisify(execFile)('sh', ['-c', line], { cwd: root, env: { ...process.env, PATH: path } });
  return stdout;
}

it('while it stays up, pasted lines and typed commands do what they say, and quit ends it', async (test) => {
  await using kmm = startKmm();
  const hints = await kmm.line(({ text }) => text.includes('Or type here'));
  const lines = hints.text.split('\n').map((line) => line.trim());
  const lineWith = (words: string) => lines.find((line) => line.includes(words)) ?? `echo no line with ${words}; false`;
  const type = (line: string) => kmm.process.stdin?.write(`${line}\n`);
  const state = (words: string) => kmm.line(({ kind, text }) => kind === 'state' && text.startsWith(words));

  await test.test('the image that is waited for is pushed, and its nodes get ready', async () => {
    assert.match(await paste(lineWith('push.ts')), /^Pushed \S+el9_7\.x86_64 sha256:/);
    await state('5.14.0-611.5.1.el9_7.x86_64/amd64 is Ready');
  });
  await test.test('kmm resolve and kmm explain answer', async () => {
    const [resolved, explained] = await Promise.all(['kmm -- resolve', '--node rocky-9'].map(lineWith).map(paste));
    assert.match(resolved ?? '', /simple-kmod-fc37:6\.0\.7-301\.fc37\.x86_64/);
    assert.match(explained ?? '', /kernelMappings\[2\]/);
  });
  await test.test('a node is posted to the API, and is loaded', async () => {
    const [, file = '', url = ''] = /@(\S+) (http\S+)/.exec(lineWith('curl')) ?? [];
    const answer = await fetch(url, { method: 'POST', body: await readFile(file) });
    assert.equal(answer.status, 201);
    await kmm.line(({ kind, text }) => kind === 'labels' && text.startsWith('another-node: + '));
  });
  await test.test('a broken registry keeps a new kernel waiting, until it is mended', async () => {
    type('break');
    type('join 6.6.6-new');
    await state('6.6.6-new/amd64 is RegistryUnreachable (Unavailable)');
    type('fix');
    type('resolve');
    await state('6.6.6-new/amd64 is ImageMissing (NoBuilder)');
  });
  await test.test('what can not be done is said, and harms nothing', async () => {
    type('dance');
    type('leave nobody');
    await kmm.line(({ kind, text }) => kind === 'problem' && text === '"dance" is no command here: try help');
    await kmm.line(({ kind, text }) => kind === 'problem' && text.includes('nobody'));
  });
  type('quit');
  assert.deepEqual(await kmm.ended, { code: 0, stderr: '' });
});
