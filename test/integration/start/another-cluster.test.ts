import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { createLocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import { waitUntil } from '../../../infra/local/cluster/wait-until.ts';
import { peekFleetView } from '../../../infra/local/fleet-view.ts';
import { pushKmodImage } from '../../../infra/local/push-kmod-image.ts';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { workerNode } from '../../../infra/local/sample-fleet.ts';
import { sampleModule } from '../../../infra/local/sample-module.ts';
import { startKmm } from './kmm-start.ts';

it('kmm start --kubeconfig serves the cluster of another process: a node joins there, and is loaded', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'kmm-test-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const cluster = await createLocalCluster({ minReadySpeed: 100 });
  opened.defer(() => cluster.close());
  const registry = await createLocalRegistry();
  opened.defer(() => registry.close());
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig());
  const kernelVersion = '6.1.0-47-amd64';
  const reference = `${registry.host}/simple-kmod:debian-12`;
  const digest = await pushKmodImage({ reference, kernelVersion, architectures: ['amd64'], revision: 1 });
  const [module] = parseAllDocuments(sampleModule(registry.host)).map((document) => document.toJS());
  cluster.store.create('Namespace', undefined, { metadata: { name: 'kmm-demo' } });
  cluster.store.create('Module', 'kmm-demo', module);

  await using kmm = startKmm('--kubeconfig', kubeconfig, '--registry', registry.host);
  await kmm.line(({ text }) => text.includes('It stays up'));
  cluster.nodes.joinNode(workerNode({ name: 'worker-1', kernelVersion }));
  const state = await kmm.line(({ kind, text }) => kind === 'state' && text.includes('is Ready'));
  await waitUntil(cluster.store, 'worker-1 bears the ready label', () => {
    const [node] = peekFleetView(cluster.store).nodes;
    return node !== undefined && 'kmm.node.kubernetes.io/kmm-demo.simple-kmod.ready' in node.metadata.labels;
  });

  assert.match(state.text, /6\.1\.0-47-amd64\/amd64 is Ready/);
  const images = peekFleetView(cluster.store).daemonSets.flatMap(({ spec }) =>
    spec.template.spec.containers.map(({ image }) => image ?? ''),
  );
  assert.ok(
    images.some((image) => image.endsWith(digest)),
    `a DaemonSet runs the digest: ${images}`,
  );
  kmm.process.kill('SIGTERM');
  assert.equal((await kmm.ended).code, 0);
});

it('kmm start --kubeconfig --once resolves everything, says how it stands, and exits 1 while a target waits', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'kmm-test-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const cluster = await createLocalCluster();
  opened.defer(() => cluster.close());
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig());
  cluster.store.create('Namespace', undefined, { metadata: { name: 'kmm-demo' } });
  // A registry that nobody serves: port 9 is "discard".
  const [module] = parseAllDocuments(sampleModule('127.0.0.1:9')).map((document) => document.toJS());
  cluster.store.create('Module', 'kmm-demo', module);
  cluster.nodes.joinNode(workerNode({ name: 'worker-1', kernelVersion: '6.1.0-47-amd64' }));

  await using kmm = startKmm('--kubeconfig', kubeconfig, '--registry', '127.0.0.1:9', '--once');
  const { code } = await kmm.ended;

  assert.equal(code, 1);
  assert.ok(kmm.lines.some(({ kind, text }) => kind === 'problem' && text.includes('is RegistryUnreachable')));
});
