import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import { defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { kernelLabelValue } from '../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { enforceLabel } from '../../../shared/kubernetes/pod-security.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';
import { toKnownModule } from '../../../shared/reconcile/known-module.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { createFakeRegistry } from '../../fakes/registry.ts';
import { callKmm } from '../cli/call-kmm.ts';
import { emptyKubeconfig } from '../cli/kubeconfig.ts';

const kernel = '6.1.0-18-amd64';
const kubeconfig = emptyKubeconfig();
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'gpu', labels: { [enforceLabel]: 'baseline' }, annotations: { 'openshift.io/sa.scc.mcs': 's0' } },
};
const node = aNode({
  name: 'a',
  kernelVersion: kernel,
  labels: { 'example.com/acme': 'present', [labels.kernelVersion]: kernelLabelValue(kernel) },
});
const module = {
  ...rawModule(),
  status: { kernels: { [`${kernel}/amd64`]: { state: 'RollingOut', observedGeneration: 1 } } },
};

function loader() {
  const resolution = toKnownModule({ ...module, metadata: aNode({ name: 'acme' }).metadata }).resolve(kernel);
  assert.equal(resolution.outcome, 'resolved');
  const data = { ...resolution.data, namespace: 'gpu', name: 'acme' };
  return renderLoaderDaemonSet({ data, architecture: 'amd64', digest: digestA, settings: defaultDesiredSettings });
}

function withImage() {
  const registry = createFakeRegistry();
  registry.put(`registry.example/acme/kmod:${kernel}`, { digest: digestA });
  return registry;
}

suite('a namespace that forbids loader pods', () => {
  const plan = async (cluster: ReturnType<typeof createFakeCluster>) => {
    const ports = { connect: async () => cluster, registry: async () => withImage() };
    const argv = ['plan', '-f', '-', '--kubeconfig', kubeconfig, '-o', 'json'];
    const { stdout } = await callKmm(argv, { stdin: JSON.stringify(rawModule()), ports });
    return JSON.parse(stdout)[0];
  };

  test('is told by kmm plan, with the SCC that OpenShift asks for', async () => {
    const { warnings } = await plan(createFakeCluster([namespace, node]));
    assert.match(warnings[0], /namespace gpu enforces the Pod Security level "baseline"/);
    assert.match(warnings[1], /add-scc-to-user privileged -z default -n gpu/);
  });

  test('is not told where the namespace may not be read', async () => {
    const cluster = createFakeCluster([namespace, node]);
    cluster.failNext('get', 'Namespace', new ClusterError('FORBIDDEN', 'GET /api/v1/namespaces/gpu: 403'));
    assert.deepEqual((await plan(cluster)).warnings, []);
  });

  const explain = async (...argv: string[]) => {
    const cluster = createFakeCluster([namespace, node, module, loader()]);
    const call = ['explain', 'gpu/acme', '--kubeconfig', kubeconfig, ...argv];
    return (await callKmm(call, { ports: { connect: async () => cluster } })).stdout;
  };

  test('is told by kmm explain, of a Module', async () => {
    assert.match(await explain(), /Namespace +namespace gpu enforces/);
  });

  test('is why nothing is loaded on a node, and what to do about it', async () => {
    const story = JSON.parse(await explain('--node', 'a', '-o', 'json'));
    assert.match(story.why, /^namespace gpu enforces the Pod Security level "baseline"/);
    assert.match(story.next, /kubectl label namespace gpu pod-security\.kubernetes\.io\/enforce=privileged/);
  });
});
