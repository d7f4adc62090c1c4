import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loaderDaemonSetName } from '../../../shared/desired/names.ts';
import { annotations, labels, roles } from '../../../shared/kmm/labels.ts';
import { aDaemonSet } from '../../builders/daemon-set.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode, type NodeOverrides } from '../../builders/node.ts';
import { aPod, type PodOverrides } from '../../builders/pod.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { callKmm } from './call-kmm.ts';
import { emptyKubeconfig } from './kubeconfig.ts';

const kernel = '6.1.0-18-amd64';
const image = `registry.example/acme/kmod:${kernel}`;
const loader = loaderDaemonSetName({ module: 'acme', kernelVersion: kernel, architecture: 'amd64' });
const loaderLabels = { [labels.moduleName]: 'acme', [labels.role]: roles.moduleLoader };
const kubeconfig = emptyKubeconfig();

const ready = {
  state: 'Ready',
  reason: 'Loaded',
  message: '1 of 1 nodes have it loaded, 1 updated',
  image,
  digest: digestA,
  observedGeneration: 1,
  rollout: { desired: 1, updated: 1, available: 1 },
};

/** A Module with these entries, or with the one of our kernel. */
const aModule = (entry: object | undefined, spec: Parameters<typeof rawModule>[0] = {}) => ({
  ...rawModule(spec),
  status: { kernels: entry === undefined ? {} : { [`${kernel}/amd64`]: entry } },
});
const node = (overrides: NodeOverrides = {}) =>
  aNode({ kernelVersion: kernel, ...overrides, labels: { 'example.com/acme': 'present', ...overrides.labels } });
const daemonSet = () =>
  aDaemonSet({
    name: loader,
    namespace: 'gpu',
    labels: loaderLabels,
    annotations: {
      [annotations.kernelVersion]: kernel,
      [annotations.architecture]: 'amd64',
      [annotations.image]: image,
    },
  });
const pod = (overrides: PodOverrides = {}) =>
  aPod({ name: 'acme-x', namespace: 'gpu', labels: { ...loaderLabels, [labels.daemonSet]: loader }, ...overrides });

async function explain(objects: object[], ...argv: string[]) {
  const cluster = createFakeCluster(objects);
  const ports = { connect: async () => cluster };
  const said = await callKmm(['explain', 'gpu/acme', '--kubeconfig', kubeconfig, ...argv], { ports });
  assert.deepEqual(cluster.writes(), []);
  return said;
}

const asJson = async (objects: object[], ...argv: string[]) => {
  const { code, stdout } = await explain(objects, '-o', 'json', ...argv);
  return { code, story: JSON.parse(stdout) };
};

suite('kmm explain of a Module', () => {
  test('tells mapping, image, state, rollout and that nothing is to do', async () => {
    const { code, stdout } = await explain([aModule(ready), node(), daemonSet()]);
    assert.equal(code, 0);
    assert.match(stdout, /^Module gpu\/acme\n/);
    assert.match(stdout, /\nKernel 6\.1\.0-18-amd64\/amd64 on 1 node\n/);
    assert.match(stdout, /Mapping +kernelMappings\[0\]: regexp \^\.\+\$ is found in it\n/);
    assert.match(stdout, new RegExp(`Image +${image} \\(${digestA}\\)\n`));
    assert.match(stdout, /State +Ready \(Loaded\): 1 of 1/);
    assert.match(stdout, new RegExp(`DaemonSet +gpu/${loader}\n`));
    assert.match(stdout, /Rollout +1 of 1 available, 1 updated\n/);
    assert.match(stdout, /Next +nothing to do\n$/);
  });

  test('says when the digest that runs is gone from its registry', async () => {
    const gone = { ...ready, digestGone: true };
    const { stdout } = await explain([aModule(gone), node({ name: 'node-1' }), daemonSet(), pod()]);
    assert.match(stdout, /1 updated; sha256:a+ is gone from its registry: .*new nodes can't pull it/);
  });

  test('a state that needs somebody says what to do, and when it is tried again', async () => {
    const entry = {
      state: 'RegistryUnreachable',
      reason: 'Unauthorized',
      message: 'HTTP 401',
      image,
      observedGeneration: 1,
      nextTry: '2026-01-01T00:05:00Z',
    };
    const { code, stdout } = await explain([aModule(entry), node()]);
    assert.equal(code, 1);
    assert.match(stdout, /State +RegistryUnreachable \(Unauthorized\): HTTP 401\n/);
    assert.match(stdout, /Next try +in 5 min \(2026-01-01T00:05:00Z\)\n/);
    assert.match(stdout, /Next +correct the imageRepoSecret of gpu\/acme/);
  });

  test('the words of a pod that can not load it are the last error', async () => {
    const entry = { ...ready, state: 'RolloutFailed', reason: 'PodFailed', message: 'a pod failed' };
    const { story } = await asJson([aModule(entry), node(), daemonSet(), pod({ containerStatuses: [crashing] })]);
    assert.match(story.targets[0].lastError, /^pod acme-x on node-1: CrashLoopBackOff: modprobe: ERROR$/);
  });

  test('a node that no run has seen yet is a target too', async () => {
    const { code, story } = await asJson([aModule(undefined), node()]);
    assert.equal(code, 1);
    assert.equal(story.targets[0].state, undefined);
    assert.match(story.targets[0].next, /kmm re-resolve --module gpu\/acme/);
  });

  test('a kernel that no node reports is told with those that are', async () => {
    const { code, stderr } = await explain([aModule(ready), node()], '--kernel', '1.2.3');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /No selected node of the Module reports the kernel 1\.2\.3: its nodes report 6\.1\.0-18-amd64\./,
    );
  });

  test('a Module that is not there is told with those that are', async () => {
    const { code, stdout, stderr } = await explain([rawModule({ metadata: { name: 'other' } })]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.equal(stderr, 'There is no Module gpu/acme in this cluster: there are gpu/other.\n');
  });
});

const crashing = {
  name: 'module-loader',
  ready: false,
  restartCount: 4,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
  lastState: { terminated: { exitCode: 1, message: 'modprobe: ERROR\n' } },
};
const missing = {
  state: 'ImageMissing',
  reason: 'ImageMissing',
  message: `${image} is not there`,
  image,
  observedGeneration: 1,
};
const narrow = { mappings: [{ literal: '5.4.0' }, { regexp: '^4' }] };
const taint = { key: 'dedicated', value: 'x', effect: 'NoSchedule' };

suite('kmm explain --node', () => {
  test('loaded: by which pod', async () => {
    const labelled = node({ labels: { [labels.ready('gpu', 'acme')]: '' } });
    const { code, story } = await asJson([aModule(ready), labelled, daemonSet(), pod()], '--node', 'node-1');
    assert.equal(code, 0);
    assert.equal(story.loaded, true);
    assert.equal(story.why, 'loaded by pod acme-x');
    assert.deepEqual(story.pod, { name: 'acme-x', ready: true, restarts: 0 });
  });

  const whyNot: [objects: object[], why: RegExp][] = [
    [[aModule(ready), aNode({ kernelVersion: kernel })], /^not selected: label example\.com\/acme=present is missing$/],
    [[aModule(undefined), node({ taints: [taint] })], /^tainted: dedicated=x:NoSchedule is not tolerated$/],
    [
      [aModule(undefined, narrow), node()],
      /^no mapping: kernel 6\.1\.0-18-amd64 against \[0\] literal 5\.4\.0, \[1\] regexp \^4$/,
    ],
    [[aModule(missing), node()], /^ImageMissing: .* is not there$/],
    [
      [aModule(ready), node(), daemonSet(), pod({ ready: false, containerStatuses: [crashing] })],
      /CrashLoopBackOff: modprobe: ERROR$/,
    ],
    [
      [aModule(ready), node(), daemonSet(), pod({ ready: false, phase: 'Pending' })],
      /^pod acme-x is Pending, not ready yet$/,
    ],
    [[aModule(ready), node({ ready: 'Unknown' }), daemonSet()], /^the node is not ready/],
    [
      [aModule(ready), node({ kernelLabel: false }), daemonSet()],
      /^label \S+kernel-version\.full of the node is missing/,
    ],
    [[aModule(ready), node(), daemonSet()], /^no pod of gpu\/acme-\w+ is on the node yet$/],
    [[aModule(undefined), node()], /^the functions have not looked at this kernel yet$/],
    [[aModule(undefined, { modprobe: { moduleName: null } }), node()], /^Invalid: spec\.moduleLoader/],
  ];
  for (const [objects, why] of whyNot) {
    test(`not loaded: ${why.source}`, async () => {
      const { code, story } = await asJson(objects, '--node', 'node-1');
      assert.equal(code, 1);
      assert.equal(story.loaded, false);
      assert.match(story.why, why);
      assert.notEqual(story.next, '');
    });
  }

  test('the version that the node has not been given', async () => {
    const objects = [aModule(ready, { container: { version: '2' } }), node()];
    const versioned = loaderDaemonSetName({
      module: 'acme',
      kernelVersion: kernel,
      architecture: 'amd64',
      version: '2',
    });
    const set = { ...daemonSet(), metadata: { ...daemonSet().metadata, name: versioned } };
    const { story } = await asJson([...objects, set], '--node', 'node-1');
    assert.match(story.why, /^the Module has version 2, and the node lacks label \S+version-module\.gpu\.acme=2$/);
    assert.match(story.next, /kubectl label node node-1/);
  });

  test('people read the verdict first and what to do last', async () => {
    const { stdout } = await explain([aModule(missing), node()], '--node', 'node-1');
    assert.match(stdout, /^Module gpu\/acme on node node-1: not loaded\n {2}Why +ImageMissing: /);
    assert.match(stdout, /\n {2}Next +push registry\.example[^\n]*\n$/);
  });

  test('a node that is not there', async () => {
    const { code, stderr } = await explain([aModule(ready)], '--node', 'none');
    assert.equal(code, 1);
    assert.match(stderr, /^There is no node none in this cluster/);
  });
});
