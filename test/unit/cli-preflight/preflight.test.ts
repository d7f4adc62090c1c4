import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Verdict } from '../../../infra/cli/preflight/verdict.ts';
import { enforceLabel } from '../../../shared/kubernetes/pod-security.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { build, rawModule, sign } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { createFakeRegistry } from '../../fakes/registry.ts';
import { callKmm } from '../cli/call-kmm.ts';
import { emptyKubeconfig } from '../cli/kubeconfig.ts';

const kernel = '6.1.0-19-amd64';
const image = `registry.example/acme/kmod:${kernel}`;
const unsigned = `registry.example/acme/unsigned:${kernel}`;
const kubeconfig = emptyKubeconfig();

function withImages(...references: string[]) {
  const registry = createFakeRegistry();
  for (const reference of references) registry.put(reference, { digest: digestA });
  return registry;
}

async function preflight(
  argv: readonly string[],
  { registry = withImages(image), cluster = createFakeCluster(), stdin = '' } = {},
) {
  const ports = { registry: async () => registry, connect: async () => cluster };
  const { code, stdout, stderr } = await callKmm(['preflight', '--kernel', kernel, '-o', 'json', ...argv], {
    stdin,
    ports,
  });
  return { code, stderr, report: JSON.parse(stdout) };
}

const ofFile = (raw: object, registry = withImages(image)) =>
  preflight(['-f', '-'], { registry, stdin: JSON.stringify(raw) });
const container = (fields: object) => rawModule({ container: { ...fields } });

suite('kmm preflight of files', () => {
  const verdicts: [what: string, raw: object, images: string[], verdict: Verdict, says: RegExp][] = [
    ['an image that is there', rawModule(), [image], 'image-found', new RegExp(digestA)],
    ['a missing image with a build', container({ build }), [], 'would-build', /not there; it would be built$/],
    ['a missing image with build and sign', container({ build, sign }), [], 'would-build-and-sign', /built and signed/],
    ['a missing image whose unsigned one is there', container({ sign }), [unsigned], 'would-sign', /would be signed/],
    ['neither image nor unsigned image', container({ sign }), [], 'image-missing', /unsigned image/],
    ['a missing image and nothing to make it', rawModule(), [], 'image-missing', /push the image/],
    ['no mapping', rawModule({ mappings: [{ literal: 'other' }] }), [image], 'no-mapping', /no kernel mapping/],
    ['an invalid Module', rawModule({ modprobe: { moduleName: null } }), [image], 'invalid', /modprobe/],
    [
      'a Module without a loader',
      rawModule({ spec: { moduleLoader: null } }),
      [],
      'nothing-to-load',
      /no moduleLoader/,
    ],
  ];
  const served: Verdict[] = ['image-found', 'would-build', 'would-build-and-sign', 'would-sign', 'nothing-to-load'];
  for (const [what, raw, images, verdict, says] of verdicts) {
    test(`${what}: ${verdict}`, async () => {
      const { code, report } = await ofFile(raw, withImages(...images));
      const [checked] = report.modules;
      assert.equal(checked.verdict, verdict);
      assert.equal(checked.served, served.includes(verdict));
      assert.match(checked.message, says);
      assert.equal(code, served.includes(verdict) ? 0 : 1);
    });
  }

  test('a registry that can not be asked is no missing image, and nothing would be built', async () => {
    const registry = withImages();
    registry.failNext(new RegistryError('UNAVAILABLE', 'registry.example: 503'));
    const { code, report } = await ofFile(container({ build }), registry);
    assert.equal(code, 1);
    assert.equal(report.modules[0].verdict, 'registry-unreachable');
  });

  test('the mapping is named, with why', async () => {
    const { report } = await ofFile(rawModule({ mappings: [{ literal: 'other' }, { regexp: '^6' }] }));
    assert.equal(
      report.modules[0].mapping,
      'kernelMappings[1]: regexp ^6 is found in it; the one before does not match',
    );
  });
});

suite('kmm preflight of a cluster', () => {
  const named = (name: string, overrides: Record<string, unknown> = {}) => ({
    ...rawModule({ metadata: { name, namespace: 'gpu' }, container: overrides }),
  });

  test('all Modules are looked at and counted; nothing is written', async () => {
    const cluster = createFakeCluster([
      named('one'),
      named('two', { containerImage: 'registry.example/none:1' }),
      aNode({ name: 'a', kernelVersion: '6.1.0-18-amd64' }),
    ]);
    const { code, report } = await preflight(['--kubeconfig', kubeconfig], { cluster });
    assert.equal(code, 1);
    assert.deepEqual(report.counts, {
      modules: 2,
      served: 1,
      notServed: 1,
      verdicts: { 'image-found': 1, 'image-missing': 1 },
    });
    assert.deepEqual(cluster.writes(), []);
  });

  test("the Module's own pull secret is used: one that is missing is told", async () => {
    const module = rawModule({ spec: { imageRepoSecret: { name: 'pull' } } });
    const { report } = await preflight(['--kubeconfig', kubeconfig], { cluster: createFakeCluster([module]) });
    assert.equal(report.modules[0].verdict, 'registry-unreachable');
    assert.match(report.modules[0].message, /imageRepoSecret gpu\/pull does not exist/);
  });

  test('a build without its Dockerfile and a signing without its key would not be made', async () => {
    const cluster = createFakeCluster([named('one', { build }), named('two', { sign })]);
    const { code, report } = await preflight(['--kubeconfig', kubeconfig], { cluster, registry: withImages(unsigned) });
    assert.equal(code, 1);
    assert.match(report.modules[0].message, /ConfigMap gpu\/acme-dockerfile of the Dockerfile does not exist/);
    assert.equal(report.modules[1].verdict, 'cannot-sign');
    assert.match(report.modules[1].message, /Secret gpu\/key does not exist/);
  });

  test('with both there it would be built and signed', async () => {
    const inputs = [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'gpu', name: 'acme-dockerfile' },
        data: { dockerfile: 'FROM a' },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'gpu', name: 'key' }, data: { key: 'a2V5' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'gpu', name: 'cert' }, data: { cert: 'Y2VydA==' } },
    ];
    const cluster = createFakeCluster([named('one', { build, sign }), ...inputs]);
    const { code, report } = await preflight(['--kubeconfig', kubeconfig], { cluster, registry: withImages() });
    assert.equal(report.modules[0].verdict, 'would-build-and-sign');
    assert.equal(code, 0);
  });

  test('a build that failed on this kernel before is forgotten: the question is a new one', async () => {
    const entry = { state: 'BuildFailed', observedGeneration: 1, rebuilt: { request: '9', keyFingerprint: 'old' } };
    const module = { ...rawModule(), status: { kernels: { [`${kernel}/amd64`]: entry } } };
    const { report } = await preflight(['--kubeconfig', kubeconfig], { cluster: createFakeCluster([module]) });
    assert.equal(report.modules[0].verdict, 'image-found');
  });

  test('a namespace that forbids loader pods is a warning', async () => {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'gpu', labels: { [enforceLabel]: 'restricted' } },
    };
    const { report } = await preflight(['--kubeconfig', kubeconfig], {
      cluster: createFakeCluster([namespace, rawModule()]),
    });
    assert.match(report.modules[0].warnings.join(), /namespace gpu enforces the Pod Security level "restricted"/);
  });

  test('no Module at all is told, and fine', async () => {
    const { code, stderr, report } = await preflight(['--kubeconfig', kubeconfig]);
    assert.equal(code, 0);
    assert.equal(report.counts.modules, 0);
    assert.match(stderr, /no Module/);
  });

  test('people get a line for each Module, a sentence, and the sum', async () => {
    const ports = { registry: async () => withImages(image), connect: async () => createFakeCluster([rawModule()]) };
    const argv = ['preflight', '--kernel', kernel, '--kubeconfig', kubeconfig];
    const { stdout } = await callKmm(argv, { ports });
    assert.match(stdout, /^MODULE +VERDICT +MAPPING\ngpu\/acme +image-found +kernelMappings\[0\]/);
    assert.match(stdout, /\n1 of 1 Modules would be served on 6\.1\.0-19-amd64\/amd64 \(1 image-found\)\n$/);
  });

  test('without a kernel the call is refused', async () => {
    const { code, stderr } = await callKmm(['preflight'], {});
    assert.equal(code, 2);
    assert.match(stderr, /uname -r/);
  });
});
