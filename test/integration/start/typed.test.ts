import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startKmm } from './kmm-start.ts';

it('what is typed happens: a push makes a waiting node loaded, a broken registry keeps a new kernel waiting, quit ends', async () => {
  await using kmm = startKmm();
  const type = (line: string) => kmm.process.stdin?.write(`${line}\n`);
  await kmm.line(({ text }) => text.includes('Or type here'));

  type('push 5.14.0-611.5.1.el9_7.x86_64');
  await kmm.line(({ kind, text }) => kind === 'state' && /el9_7\.x86_64\/amd64 is Ready/.test(text));
  type('break');
  type('join 6.6.6-new');
  const unreachable = await kmm.line(({ kind, text }) => kind === 'state' && text.startsWith('6.6.6-new/amd64'));
  assert.match(unreachable.text, /is RegistryUnreachable \(Unavailable\)/);
  type('fix');
  type('resolve');
  await kmm.line(
    ({ kind, text }) => kind === 'state' && text.startsWith('6.6.6-new/amd64 is ImageMissing (NoBuilder)'),
  );
  type('dance');
  await kmm.line(({ kind, text }) => kind === 'problem' && text === '"dance" is no command here: try help');
  type('leave nobody');
  await kmm.line(({ kind, text }) => kind === 'problem' && text.includes('nobody'));
  type('quit');
  assert.deepEqual(await kmm.ended, { code: 0, stderr: '' });
});
