import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RegistryChoice } from '../../../infra/cli/plan/registry-choice.ts';
import { loaderDaemonSetName } from '../../../shared/desired/names.ts';
import { annotations, labels, roles } from '../../../shared/kmm/labels.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { aDaemonSet } from '../../builders/daemon-set.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { createFakeRegistry } from '../../fakes/registry.ts';
import { callKmm } from './call-kmm.ts';
import { emptyKubeconfig } from './kubeconfig.ts';

const kernel = '6.1.0-18-amd64';
const image = `registry.example/acme/kmod:${kernel}`;

function withImage() {
  const registry = createFakeRegistry();
  registry.put(image, { digest: digestA });
  return registry;
}

async function plan(
  raw: object,
  registry = withImage(),
  more: string[] = [],
  cluster?: ReturnType<typeof createFakeCluster>,
) {
  const argv = [
    'plan',
    '-f',
    '-',
    '-o',
    'json',
    ...(cluster ? ['--kubeconfig', kubeconfig] : ['--kernel', kernel]),
    ...more,
  ];
  const ports = { registry: async () => registry, connect: async () => cluster ?? createFakeCluster() };
  const { code, stdout, stderr } = await callKmm(argv, { stdin: JSON.stringify(raw), ports });
  return { code, stderr, targets: JSON.parse(stdout) };
}

const kubeconfig = emptyKubeconfig();

suite('kmm plan, offline', () => {
  test('an image that is there would be rolled out', async () => {
    const { code, targets } = await plan(rawModule());
    const daemonSet = `gpu/${loaderDaemonSetName({ module: 'acme', kernelVersion: kernel, architecture: 'amd64' })}`;
    assert.equal(code, 0);
    const { message, ...target } = targets[0];
    assert.match(message, new RegExp(digestA));
    assert.deepEqual(target, {
      namespace: 'gpu',
      module: 'acme',
      kernelVersion: kernel,
      architecture: 'amd64',
      row: 'roll-out',
      state: 'RollingOut',
      reason: 'Applied',
      action: `apply DaemonSet ${daemonSet}`,
      effect: { kind: 'load' },
      image,
      daemonSet,
      digest: digestA,
      warnings: [],
    });
    assert.equal(targets.length, 1);
  });

  const rows: [what: string, raw: object, row: string, says: RegExp][] = [
    [
      'a missing image',
      rawModule({ container: { containerImage: 'registry.example/none:1' } }),
      'image-missing',
      /push the image/,
    ],
    ['no mapping', rawModule({ mappings: [{ literal: 'other' }] }), 'no-mapping', /no kernel mapping matches/],
    ['an invalid Module', rawModule({ modprobe: { moduleName: null } }), 'invalid', /modprobe/],
  ];
  for (const [what, raw, row, says] of rows) {
    test(`${what} stands in the way: exit code 1 and its row`, async () => {
      const { code, targets } = await plan(raw);
      assert.equal(code, 1);
      assert.equal(targets[0].row, row);
      assert.equal(targets[0].action, 'nothing');
      assert.match(targets[0].message, says);
    });
  }

  test('a registry that wants credentials is no missing image, and the flag is named', async () => {
    const registry = createFakeRegistry();
    registry.failNext(new RegistryError('UNAUTHORIZED', 'the registry wants credentials'));
    const { code, targets } = await plan(rawModule(), registry);
    assert.equal(code, 1);
    assert.equal(targets[0].row, 'registry-unreachable');
    assert.deepEqual(targets[0].warnings, ['the registry wants credentials: give them by --docker-config FILE']);
  });

  test('a pull secret that can not be read here is a warning', async () => {
    const { code, targets } = await plan(rawModule({ spec: { imageRepoSecret: { name: 'pull' } } }));
    assert.equal(code, 0);
    assert.match(targets[0].warnings[0], /pull secret gpu\/pull can't be read here/);
  });

  test('people get a line for each target and a sentence', async () => {
    const ports = { registry: async () => withImage() };
    const { stdout } = await callKmm(['plan', '-f', '-', '--kernel', kernel], {
      stdin: JSON.stringify(rawModule()),
      ports,
    });
    assert.match(stdout, /^MODULE +TARGET +ROW +STATE +WOULD DO +ON NODES\n/);
    assert.match(stdout, /loads on its nodes\n\ngpu\/acme on 6\.1\.0-18-amd64\/amd64: Applied: \S/);
  });

  test('a registry on this machine may be asked when the image says so', async () => {
    const choices: RegistryChoice[] = [];
    const ports = {
      registry: async (choice: RegistryChoice) => {
        choices.push(choice);
        return createFakeRegistry();
      },
    };
    const raw = rawModule({ container: { containerImage: 'localhost:5000/a:1' } });
    const argv = ['plan', '-f', '-', '--kernel', kernel, '--plain-http', 'registry.example:5000'];
    await callKmm(argv, { stdin: JSON.stringify(raw), ports });
    assert.deepEqual(choices[0]?.loopback, ['localhost:5000']);
    assert.deepEqual(choices[0]?.plainHttp, ['registry.example:5000']);
  });
});

suite('kmm plan with a cluster', () => {
  const node = (name: string) => aNode({ name, kernelVersion: kernel, labels: { 'example.com/acme': 'present' } });
  const loader = (status: object) =>
    aDaemonSet({
      name: loaderDaemonSetName({ module: 'acme', kernelVersion: kernel, architecture: 'amd64' }),
      namespace: 'gpu',
      image: `registry.example/acme/kmod@${digestB}`,
      labels: { [labels.moduleName]: 'acme', [labels.role]: roles.moduleLoader },
      annotations: {
        [annotations.kernelVersion]: kernel,
        [annotations.architecture]: 'amd64',
        [annotations.image]: image,
        [annotations.templateInputs]: 'other',
      },
      status,
    });

  test('the kernels are those of its nodes, and a first rollout says on how many', async () => {
    const { targets } = await plan(
      rawModule(),
      withImage(),
      [],
      createFakeCluster([node('a'), node('b'), aNode({ name: 'c' })]),
    );
    assert.equal(targets.length, 1);
    assert.match(targets[0].action, /^create DaemonSet gpu\/acme-/);
    assert.deepEqual(targets[0].effect, { kind: 'load', nodes: 2 });
  });

  test('a change says on how many nodes it reloads, and nothing is written', async () => {
    const running = loader({
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    });
    const cluster = createFakeCluster([node('a'), node('b'), running]);
    const { targets } = await plan(rawModule(), withImage(), [], cluster);
    assert.match(targets[0].action, /^update DaemonSet/);
    assert.deepEqual(targets[0].effect, { kind: 'reload', nodes: 2 });
    assert.deepEqual(cluster.writes(), []);
  });

  test('no mapping any more unloads', async () => {
    const cluster = createFakeCluster([node('a'), loader({ currentNumberScheduled: 1 })]);
    const { targets } = await plan(rawModule({ mappings: [{ literal: 'other' }] }), withImage(), [], cluster);
    assert.match(targets[0].action, /^delete DaemonSet gpu\/acme-/);
    assert.deepEqual(targets[0].effect, { kind: 'unload', nodes: 1 });
  });
});
