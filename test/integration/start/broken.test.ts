import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startKmm, textsOf } from './kmm-start.ts';

it('kmm start --once exits 1 with what is wrong when the registry is broken for good, and builds nothing', async () => {
  await using kmm = startKmm('--once', '--fault', 'unavailable', '--patience', '3');
  const { code } = await kmm.ended;

  assert.equal(code, 1);
  const problems = textsOf(kmm.lines, 'problem').join('\n');
  assert.match(
    problems,
    /6\.1\.0-47-amd64\/amd64: expected Ready \(Loaded\), but it is RegistryUnreachable \(Unavailable\)/,
  );
  assert.match(problems, /503/);
  const daemonSets = textsOf(kmm.lines, 'daemonset');
  assert.ok(
    daemonSets.every((text) => text.includes('device plugin')),
    `no loader is started: ${daemonSets}`,
  );
});

for (const [args, words] of [
  [['--bogus'], /Unknown option '--bogus'/],
  [['--fault', 'sleepy'], /unavailable, unauthorized, rate-limited, slow/],
  [['--kubeconfig', '/nowhere/kubeconfig'], /No kubeconfig can be read at \/nowhere\/kubeconfig/],
  [['--registry', '127.0.0.1:1'], /--registry goes with --kubeconfig/],
  [['--patience', 'long'], /expected 1 to 600 seconds/],
] as const) {
  it(`kmm start ${args.join(' ')} exits 2 and says what to write`, async () => {
    await using kmm = startKmm(...args);
    const { code, stderr } = await kmm.ended;
    assert.equal(code, 2);
    assert.match(stderr, words);
  });
}
