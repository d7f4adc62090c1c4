import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { callKmm } from './call-kmm.ts';

const commands = ['lint', 'resolve', 'render', 'plan', 'explain', 're-resolve', 'start'];

suite('kmm', () => {
  test('its help has one line for each command, and examples', async () => {
    const { code, stdout, stderr } = await callKmm(['--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const name of commands) {
      assert.match(stdout, new RegExp(`^ {2}${name} {2,}[A-Z][^\\n]+$`, 'm'));
    }
    assert.match(stdout, /^Examples:\n {2}kmm lint /m);
  });

  test('without arguments it shows the help', async () => {
    assert.deepEqual(await callKmm([]), await callKmm(['--help']));
  });

  for (const name of commands) {
    test(`the help of ${name} has examples that begin with its name`, async () => {
      const { code, stdout } = await callKmm([name, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\\n(?:.*\\n)*? {2}kmm ${name}\\b`));
    });
  }

  test('a mistyped command is answered by the one that was meant, on standard error', async () => {
    const { code, stdout, stderr } = await callKmm(['resolv']);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: unknown command 'resolv'\n\(Did you mean resolve\?\)/);
  });

  const usage: [argv: string[], says: RegExp][] = [
    [['lint', '--outptu', 'json'], /unknown option '--outptu'/],
    [['lint', '-o', 'xml'], /Allowed choices are table, json, yaml/],
    [['lint', 'module.yaml'], /too many arguments for 'lint'/],
    [['lint'], /No Module was given: name files or folders with -f/],
    [['resolve', '-f', 'x'], /uname -r/],
    [['resolve', '-f', 'x', '--kernel', ' '], /uname -r/],
    [['render', '-f', 'x', '--kernel', 'k', '--arch', 'x86_64'], /Kubernetes calls it amd64/],
    [['render', '-f', 'x', '--kernel', 'k', '--digest', 'sha256:1'], /"sha256:1" is no digest/],
    [['plan', '-f', 'x'], /uname -r/],
    [['explain', 'nic'], /write its namespace and name, as drivers\/nic/],
    [['explain'], /missing required argument/],
    [['explain', 'a/b', '--kubeconfig', 'nowhere'], /No kubeconfig can be read at \/nowhere \(from --kubeconfig\)/],
    [['explain', 'a/b', '--kernel', 'k', '--node', 'n'], /cannot be used with/],
    [['re-resolve', '--force', '--rollout'], /cannot be used with/],
    [['re-resolve', '--door', 'https://kmm.example'], /whole address of a manual source/],
    [['lint', '--stdin', '-f', 'x'], /exclude each other/],
    [['resolve', '--stdin', '--kernel', 'x'], /exclude each other/],
  ];
  for (const [argv, says] of usage) {
    test(`"kmm ${argv.join(' ')}" is wrong usage and is told so`, async () => {
      const { code, stdout, stderr } = await callKmm(argv);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
    });
  }

  test('without a kubeconfig anywhere it says where it looked', async () => {
    const { stderr } = await callKmm(['explain', 'a/b'], { env: { HOME: '/nowhere' } });
    assert.match(stderr, /\/nowhere\/\.kube\/config \(from the default\): name one with --kubeconfig/);
    const named = await callKmm(['explain', 'a/b'], { env: { KUBECONFIG: '/none' } });
    assert.match(named.stderr, /at \/none \(from KUBECONFIG\)/);
    const several = await callKmm(['explain', 'a/b'], { env: { KUBECONFIG: '/a:/b' } });
    assert.match(several.stderr, /several files/);
  });

  test('colours are for terminals only, and not with NO_COLOR', async () => {
    const esc = '\u001b';
    assert.ok((await callKmm(['lint'], { tty: true })).stderr.includes(esc));
    assert.ok(!(await callKmm(['lint'])).stderr.includes(esc));
    assert.ok(!(await callKmm(['lint'], { tty: true, env: { NO_COLOR: '1' } })).stderr.includes(esc));
  });
});
