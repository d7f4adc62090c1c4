import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { labels } from '../../../../shared/kmm/labels.ts';
import { missingControlPlane } from '../../support/control-plane/binary.ts';
import { addNodes } from '../../support/control-plane/nodes.ts';
import { eventually } from '../story-support/eventually.ts';
import { type Fleet, fleet } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import { type Story, startStory } from '../story-support/start-story.ts';

const kernels = ['6.1.0-47-amd64', '6.8.0-90-generic', '5.14.0-427.el9.x86_64'];
const nodeCount = 1_000;
const moduleCount = 10;

describe('a large fleet joins at once', { skip: await missingControlPlane() }, () => {
  let story: Story;
  before(async () => {
    story = await startStory({ impatient: false });
  });
  after(() => story?.stop());

  test('1,000 nodes of three kernels with 10 Modules: 30 DaemonSets written once, one label patch a node and batch', async (t) => {
    const modules = Array.from({ length: moduleCount }, (_, index) => fleet(story, `large-${index}`));
    for (const module of modules) await prepare(module);
    const all = Object.assign({}, ...modules.map(({ selector }) => selector));
    const nodes = Array.from({ length: nodeCount }, (_, index) => ({
      name: `node-${index}`,
      kernelVersion: kernels[index % kernels.length] ?? '',
      labels: all,
    }));
    const end = await story.count(5_000);
    const began = Date.now();
    const seconds = () => (Date.now() - began) / 1000;
    const joined = addNodes(story.cluster, nodes).then(seconds);
    const daemonSetsAfter = await eventually(
      'all DaemonSets stand',
      async () => {
        const standing = await story.cluster.list('DaemonSet', { namespace });
        return standing.length === kernels.length * moduleCount ? seconds() : undefined;
      },
      120_000,
    );
    const joinedAfter = await joined;
    const readyAfter = await eventually(
      'all nodes bear all ready labels',
      async () => {
        const selector = modules.map(({ name }) => labels.ready(namespace, name)).join();
        const ready = await story.cluster.list('Node', { labelSelector: selector });
        return ready.length === nodeCount ? seconds() : undefined;
      },
      900_000,
    );
    const counts = await end();
    const patches = Object.values(counts.nodePatches());
    const numbers = {
      'nodes created after': `${joinedAfter} s`,
      'all DaemonSets stand after': `${daemonSetsAfter} s`,
      'all nodes bear all labels after': `${readyAfter} s`,
      'requests of the functions': counts.requests,
      'hook calls': counts.hookCalls,
      'requests to the registry': counts.registryRequests,
      'DaemonSet writes': counts.daemonSetWrites(),
      'label patches': patches.reduce((sum, count) => sum + count, 0),
      'most label patches of one node': Math.max(...patches),
      'memory of the server': `${await story.server.peakMebibytes()} MiB`,
    };
    t.diagnostic(JSON.stringify(numbers, null, 2));
    assert.ok(counts.daemonSetWrites() <= 30, `${counts.daemonSetWrites()} DaemonSet writes`);
    assert.equal(counts.registryRequests, kernels.length * moduleCount);
    // By the batch, not by the Module: pods of the ten become ready one after another.
    assert.ok(Math.max(...patches) <= moduleCount);
    assert.deepEqual(
      counts.entries.filter(({ code }) => code === 403),
      [],
    );
  });
});

async function prepare(module: Fleet): Promise<void> {
  for (const kernel of kernels) await module.push(kernel);
  await module.create();
}
