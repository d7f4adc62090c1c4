import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { makeSample } from '../../../infra/cli/events/make-sample.ts';
import { pushKmodImage } from '../../../infra/local/push-kmod-image.ts';
import { createLocalQueue } from '../../../infra/local/queue/local-queue.ts';
import { toConsumers } from '../../../infra/server/consumers.ts';
import { targetFunctions } from '../../../infra/server/target-functions.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { type LocalFleet, startLocalFleet, worker } from '../../bench/support/local-fleet.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const kernelVersion = '6.1.0-1-amd64';
const secret = 'the-secret-of-this-test';

/** What went over the wires since they were counted last, `Secret`s and Events aside. */
function counted({ cluster: { requests }, registry }: LocalFleet) {
  const all = Object.entries(requests.all());
  const reads = all.filter(([key]) => /^(get|list) (?!Secret)/.test(key));
  const others =
    requests.writes() - requests.writes('DaemonSet') - requests.writes('Module') - requests.writes('Event');
  return {
    listsOfModules: requests.of('list', 'Module'),
    reads: reads.reduce((sum, [, count]) => sum + count, 0),
    registry: registry.requests.count(),
    daemonSets: requests.writes('DaemonSet'),
    status: requests.writes('Module'),
    others,
  };
}

describe('a push, warm, from the door to the DaemonSet, on the wire', () => {
  let fleet: LocalFleet;
  let image: string;
  before(async () => {
    fleet = await startLocalFleet({ modules: 3, kernels: [kernelVersion] });
    // Nobody else writes: neither DaemonSet controller nor kubelets.
    fleet.cluster.nodes.close();
    fleet.cluster.nodes.joinNode({ name: 'node-1', kernelVersion, labels: worker });
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
    image = `${fleet.registry.host}/acme/module-1:${kernelVersion}`;
  });
  after(() => fleet[Symbol.asyncDispose]());

  /** Posts a sample event to the real door, whose queue feeds the real functions. */
  async function tell(what: { image: string; delete?: boolean }): Promise<void> {
    const logger = createFakeLogger();
    const queue = createLocalQueue({
      consumers: (bus) => toConsumers(targetFunctions({ ...fleet.ports, bus })),
      logger,
      windowMilliseconds: 1,
    });
    const sender = { source: 'distribution', name: 'main', secrets: [secret], header: 'authorization' } as const;
    const door = registryHook([sender], { ignoredTaints: [] }, { bus: queue, logger, now: () => new Date() });
    const { headers, body } = makeSample({ source: 'distribution', ...what }, { at: new Date(), id: what.image });
    fleet.cluster.requests.reset();
    fleet.registry.requests.clear();
    const answer = await httpApp([door], logger).request('/events/distribution/main', {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${secret}` },
      body,
    });
    assert.equal(answer.status, 202);
    await queue.close();
  }

  it('costs one list of Modules, one registry request, one DaemonSet write and one status patch', async () => {
    await pushKmodImage({ reference: image, kernelVersion, architectures: ['amd64'], revision: 2 });
    await tell({ image });
    const { reads, ...others } = counted(fleet);
    assert.deepEqual(others, { listsOfModules: 1, registry: 1, daemonSets: 1, status: 1, others: 0 });
    assert.ok(reads <= 3, `${reads} reads`);
  });

  it('told again costs one list and one registry request, and writes nothing', async () => {
    await tell({ image });
    const { reads, ...others } = counted(fleet);
    assert.deepEqual(others, { listsOfModules: 1, registry: 1, daemonSets: 0, status: 0, others: 0 });
    assert.ok(reads <= 3, `${reads} reads`);
  });

  it('of an image of nobody costs one list of Modules and no other request', async () => {
    await tell({ image: `${fleet.registry.host}/acme/nobody:1` });
    const nothing = { registry: 0, daemonSets: 0, status: 0, others: 0 };
    assert.deepEqual(counted(fleet), { listsOfModules: 1, reads: 1, ...nothing });
  });

  it('of a delete costs one question more, for the digest that runs, and writes no DaemonSet', async () => {
    const [repository, tag] = ['acme/module-1', kernelVersion];
    const home = `http://${fleet.registry.host}/v2/${repository}/manifests`;
    const head = await fetch(`${home}/${tag}`, { method: 'HEAD' });
    const digest = head.headers.get('docker-content-digest');
    const deleted = await fetch(`${home}/${digest}`, { method: 'DELETE' });
    assert.equal(deleted.status, 202);
    await tell({ image: `${fleet.registry.host}/${repository}@${digest}`, delete: true });
    const { reads, ...others } = counted(fleet);
    assert.deepEqual(others, { listsOfModules: 1, registry: 2, daemonSets: 0, status: 1, others: 0 });
    assert.ok(reads <= 3, `${reads} reads`);
  });
});
