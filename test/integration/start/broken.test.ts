import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseStartOptions } from '../../../infra/cli/start-options.ts';
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
  [['--registry', '127.0.0.1:1'], /--registry goes with --kubeconfig/],
  [['--kubeconfig', 'k', '--registry', 'registry.example:1'], /expected a registry on this machine/],
  [['--kubeconfig', 'k', '--data', 'd'], /--data keeps the embedded cluster/],
  [['--patience', 'long'], /expected 1 to 600 seconds/],
  [['-o', 'yaml'], /expected text or json/],
] as const) {
  it(`kmm start ${args.join(' ')} is refused with what to write`, () => {
    assert.throws(() => parseStartOptions(args, '/'), { name: 'UsageError', message: words });
  });
}

it('kmm start exits 2 when the kubeconfig is not there', async () => {
  await using kmm = startKmm('--kubeconfig', '/nowhere/kubeconfig');
  const { code, stderr } = await kmm.ended;
  assert.equal(code, 2);
  assert.match(stderr, /No kubeconfig can be read at \/nowhere\/kubeconfig/);
});
