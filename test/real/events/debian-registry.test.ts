import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../../infra/local/cluster/wait-until.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { parseModuleStatus } from '../../../shared/kmm/status.ts';
import { rawModule } from '../../builders/module.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { type DebianRegistry, debianRegistryPackages, startDebianRegistry } from '../support/debian-registry.ts';
import { type FleetServer, startFleetServer } from '../support/fleet-server.ts';
import { freePort } from '../support/free-port.ts';
import { run } from '../support/run.ts';
import { createGate, type Gate } from './gate.ts';

const skip = await missingPackages('skopeo', ...debianRegistryPackages);

const secret = 'a-secret-of-this-test';
const kernel = '6.1.0-18-amd64';
const key = `${kernel}/amd64`;
const repository = 'acme/kmod';
const imageOf = (content: string) => buildTinyImage({ files: { [`opt/lib/modules/${kernel}/acme.ko`]: content } });

describe("the life of an image in Debian's registry, told by its notifications alone", { skip }, () => {
  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());
  let registry: DebianRegistry;
  let fleet: FleetServer;
  let gate: Gate;

  before(async () => {
    const [port, serverPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}/events/distribution/debian`;
    const headers = { Authorization: `Bearer ${secret}` };
    registry = await startDebianRegistry({ notifications: { url, headers } });
    cleanup.defer(() => registry.stop());
    fleet = await startFleetServer({ port: serverPort, secret, registries: { hosts: [registry.host], ca: '' } });
    cleanup.defer(() => fleet.stop());
    gate = createGate(port, serverPort);
    cleanup.defer(() => gate.shut());
    await gate.open();
    const containerImage = `${registry.host}/${repository}:\${KERNEL_FULL_VERSION}`;
    const module = rawModule({ mapping: { containerImage, registryTLS: { insecure: true } } });
    fleet.cluster.store.create('Module', 'gpu', JSON.parse(JSON.stringify(module)));
    fleet.cluster.nodes.joinNode({
      name: 'node-1',
      kernelVersion: kernel,
      labels: { 'example.com/acme': 'present' },
    });
    await fleet.entry('acme', key, 'the image is seen to be missing', ({ state }) => state === 'ImageMissing');
  });

  const push = (tag: string, content: string) => pushTinyImage(registry.url, repository, tag, imageOf(content));
  const remove = (digest: string) =>
    fetch(`${registry.url}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' }).then(({ status }) => status);
  const runs = (digest: string, words: string) =>
    fleet.entry('acme', key, words, (entry) => entry.state === 'Ready' && entry.digest === digest);
  const daemonSet = () => {
    const [found] = fleet.cluster.store.list('DaemonSet', {}).items;
    return JSON.parse(JSON.stringify(found)) as { metadata: { uid: string; generation: number } };
  };
  const pullable = () =>
    parseModuleStatus(
      fleet.cluster.store.get('Module', { namespace: 'gpu', name: 'acme' })?.['status'],
    ).conditions.find(({ type }) => type === 'Pullable')?.status;
  const untilPullable = (status: string) =>
    waitUntil(fleet.cluster.store, `Pullable is ${status}`, () => pullable() === status, 30_000);

  const [first, second, third] = ['first', 'second', 'third'].map(
    (content) => imageOf(content).manifest.descriptor.digest,
  );

  test('a push rolls out', async () => {
    assert.equal(await push(kernel, 'first'), first);
    await runs(first ?? '', 'the first image runs');
  });

  test('a tag of its own is nobody’s, and moving our tag to it by skopeo rolls it out', async () => {
    await push('candidate', 'second');
    const at = (tag: string) => `docker://${registry.host}/${repository}:${tag}`;
    await run('skopeo', ['copy', '--src-tls-verify=false', '--dest-tls-verify=false', at('candidate'), at(kernel)]);
    await runs(second ?? '', 'the second image runs');
  });

  test('a delete of the digest is a state and a condition, and the DaemonSet stays as it is', async () => {
    const before = daemonSet().metadata;
    assert.equal(await remove(second ?? ''), 202);
    await fleet.entry('acme', key, 'the delete is seen', ({ state }) => state === 'ImageMissing');
    await untilPullable('False');
    const { uid, generation } = daemonSet().metadata;
    assert.deepEqual([uid, generation], [before.uid, before.generation]);
  });

  test('a push of the same digest again ends both, and the DaemonSet stays as it is', async () => {
    const before = daemonSet().metadata;
    assert.equal(await push(kernel, 'second'), second);
    await runs(second ?? '', 'the second image is Ready again');
    await untilPullable('True');
    const { uid, generation } = daemonSet().metadata;
    assert.deepEqual([uid, generation], [before.uid, before.generation]);
  });

  test('a push while the receiver is away is told again when it is back', async () => {
    await gate.shut();
    await push(kernel, 'third');
    // Refused again and again: its queue is in memory, and holds the events in their order.
    await registryComplains();
    assert.equal(
      parseModuleStatus(fleet.cluster.store.get('Module', { namespace: 'gpu', name: 'acme' })?.['status']).kernels[key]
        ?.digest,
      second,
    );
    await gate.open();
    await runs(third ?? '', 'the third image runs');
  });

  /** The registry has tried to tell, and says in its log that it could not. */
  async function registryComplains(): Promise<void> {
    const late = AbortSignal.timeout(20_000);
    while (!/retryingsink: error writing/.test(registry.logs())) {
      assert.ok(!late.aborted, `the registry never tried: ${registry.logs().slice(-2000)}`);
      await sleep(50);
    }
  }
});
