import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rawModule } from '../../builders/module.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { callKmm } from './call-kmm.ts';
import { emptyKubeconfig } from './kubeconfig.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/events/${name}.json`, import.meta.url));
const kernel = '6.1.0-18-amd64';
const image = `registry.example/acme/kmod:${kernel}`;
const event = { action: 'push', images: [image] };

const decode = (argv: string[], body: unknown = event, call: Parameters<typeof callKmm>[1] = {}) =>
  callKmm(['events', 'decode', '-', ...argv], { stdin: JSON.stringify(body), ...call });

/** Modules as a cluster has them; `state` by kernel. */
function aCluster() {
  const kernels = { [`${kernel}/amd64`]: { state: 'Ready', observedGeneration: 1 } };
  return createFakeCluster([{ ...rawModule(), status: { kernels } }]);
}

suite('kmm events decode', () => {
  test('says what a recorded notification comes down to, and which function wakes', async () => {
    const said = await callKmm(['events', 'decode', fixture('notification-push-manifest'), '-o', 'json']);
    assert.equal(said.code, 0, said.stderr);
    const { source, items } = JSON.parse(said.stdout);
    assert.equal(source, 'distribution');
    assert.deepEqual(
      items.map(({ outcome, wakes, trigger }: Record<string, { tag: string }>) => [outcome, wakes, trigger?.tag]),
      [['trigger', 'image-changed', '1']],
    );
  });

  test('says why an event does nothing, and ends with 1', async () => {
    const said = await callKmm(['events', 'decode', '--source', 'distribution', fixture('notification-pull')]);
    assert.equal(said.code, 1);
    assert.match(said.stdout, /distribution +ignored +neither a push nor a delete/);
  });

  test('shows poison with what is wrong about it', async () => {
    const said = await decode(['--source', 'generic'], { action: 'push', images: ['not an image!'] });
    assert.equal(said.code, 1);
    assert.match(said.stdout, /generic +poison +Event: images\.0/);
  });

  test('says when an event looks like one of another source', async () => {
    const { stderr } = await decode(['--source', 'harbor']);
    assert.match(stderr, /does not look like an event of harbor, but like one of generic/);
  });

  test('takes headers that the file does not hold', async () => {
    const { stdout } = await decode(['--source', 'gitea', '-H', 'X-Gitea-Event: push'], { action: 'created' });
    assert.match(stdout, /gitea +ignored +not about a package/);
  });

  test('names the targets of Modules in files, on the kernels that are named', async () => {
    const modules = JSON.stringify(rawModule());
    const argv = [
      'events',
      'decode',
      fixture('notification-push-manifest'),
      '-f',
      '-',
      '--kernel',
      kernel,
      '-o',
      'json',
    ];
    const none = await callKmm(argv, { stdin: modules });
    assert.equal(none.code, 1, 'an image of nobody');
    const matching = rawModule({ mapping: { containerImage: '127.0.0.1:5000/t/tiny:1' } });
    const some = await callKmm(argv, { stdin: JSON.stringify(matching) });
    assert.equal(some.code, 0, some.stderr);
    const [target] = JSON.parse(some.stdout).targets;
    assert.deepEqual(target, {
      namespace: 'gpu',
      module: 'acme',
      kernelVersion: kernel,
      architecture: 'amd64',
      image: '127.0.0.1:5000/t/tiny:1',
      asksRegistry: true,
    });
  });

  test('names the targets of a cluster and how they stand, and writes nothing', async () => {
    const cluster = aCluster();
    const argv = ['--kubeconfig', emptyKubeconfig()];
    const said = await decode(argv, event, { ports: { connect: async () => cluster } });
    assert.equal(said.code, 0, said.stderr);
    assert.match(said.stdout, /gpu\/acme +6\.1\.0-18-amd64\/amd64 +Ready +registry\.example\/acme\/kmod/);
    assert.deepEqual(
      cluster.calls.map(({ verb, kind }) => `${verb} ${kind}`),
      ['list Module'],
    );
  });

  test('tells a host that images call otherwise, and what then helps', async () => {
    const body = { action: 'push', images: [image.replace('registry.example', 'mirror.example')] };
    const call = () => ({ ports: { connect: async () => aCluster() } });
    const argv = ['--kubeconfig', emptyKubeconfig()];
    const alone = await decode(argv, body, call());
    assert.equal(alone.code, 1);
    assert.match(alone.stderr, /Modules have acme\/kmod at registry\.example, the event says mirror\.example/);
    const alias = ['--host-alias', 'mirror.example=registry.example'];
    assert.equal((await decode([...argv, ...alias], body, call())).code, 0);
  });

  const refused: [argv: string[], body: unknown, says: RegExp][] = [
    [[], { hello: 'world' }, /No source recognises this event: name one with --source/],
    [['--source', 'nexus'], event, /There is no source "nexus"; there are /],
    [['-f', 'x'], event, /name them with --kernel, or the cluster with --kubeconfig/],
    [['-H', 'nonsense'], event, /"Name: value"/],
    [['--host-alias', 'mirror'], event, /mirror=registry/],
  ];
  for (const [argv, body, says] of refused) {
    test(`"kmm events decode - ${argv.join(' ')}" of ${JSON.stringify(body)} is wrong usage`, async () => {
      const { code, stderr } = await decode(argv, body);
      assert.equal(code, 2);
      assert.match(stderr, says);
    });
  }

  test('what is no JSON is said without repeating it', async () => {
    const { code, stderr } = await callKmm(['events', 'decode', '-'], { stdin: '{"token": "hush' });
    assert.equal(code, 2);
    assert.match(stderr, /standard input: not JSON/);
    assert.ok(!stderr.includes('hush'));
  });
});
