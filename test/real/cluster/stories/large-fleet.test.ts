import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { labels } from '../../../../shared/kmm/labels.ts';
import { missingControlPlane } from '../../support/control-plane/binary.ts';
import { addNodes } from '../../support/control-plane/nodes.ts';
import { assertOncePerRun } from '../story-support/counting.ts';
import { eventually } from '../story-support/eventually.ts';
import { type Fleet, fleet } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import { type Story, startStory } from '../story-support/start-story.ts';

const kernels = ['6.1.0-47-amd64', '6.8.0-90-generic', '5.14.0-427.el9.x86_64'];
const nodeCount = 1_000;
const moduleCount = 10;
/** Of the ten. Each is a pod that kwok plays; all ten on each node (10,000 pods) take two idle cores some minutes. */
const modulesOnNode = Number(process.env['MODULES_ON_NODE'] ?? 2);
const lookEveryMs = 1_000;
/** Half of the limit that `kmm install` gives to the server: two of ten Modules a node are a fraction of the load that it is for. */
const podMebibytes = 512;

describe('a large fleet joins at once', { skip: await missingControlPlane() }, () => {
  let story: Story;
  before(async () => {
    story = await startStory({ impatient: false });
  });
  after(() => story?.stop());

  test('1,000 nodes of three kernels with 10 Modules: 30 DaemonSets written once, one label patch a node and batch', async (t) => {
    const modules = Array.from({ length: moduleCount }, (_, index) => fleet(story, `large-${index}`));
    for (const module of modules) await prepare(module);
    const nodes = Array.from({ length: nodeCount }, (_, index) => ({
      name: `node-${index}`,
      kernelVersion: kernels[index % kernels.length] ?? '',
      labels: Object.assign({}, ...modulesOf(index, modules).map(({ selector }) => selector)),
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
      { withinMs: 120_000, everyMs: lookEveryMs },
    );
    const joinedAfter = await joined;
    const readyAfter = await eventually(
      'all nodes bear all ready labels',
      async () => {
        const standing = new Map((await story.cluster.list('Node')).map((node) => [node.metadata.name, node.metadata]));
        const isReady = nodes.every(({ name }, index) =>
          modulesOf(index, modules).every(
            (own) => labels.ready(namespace, own.name) in (standing.get(name)?.labels ?? {}),
          ),
        );
        return isReady ? seconds() : undefined;
      },
      { withinMs: 900_000, everyMs: lookEveryMs },
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
      'CPU of the server': `${await story.server.cpuSeconds()} s`,
    };
    t.diagnostic(JSON.stringify(numbers, null, 2));
    assert.equal(counts.daemonSetsMade, kernels.length * moduleCount);
    const standing = await story.cluster.list('DaemonSet', { namespace });
    assert.deepEqual([...new Set(standing.map(({ metadata }) => metadata.generation))], [1]);
    assertOncePerRun(counts.registryRequests, kernels.length * moduleCount, 'questions');
    assert.ok((await story.server.peakMebibytes()) < podMebibytes, 'the server would not fit into its pod');
    // By the batch, not by the Module: pods of the ten become ready one after another.
    assert.ok(Math.max(...patches) <= modulesOnNode);
    assert.deepEqual(
      counts.entries.filter(({ code }) => code === 403),
      [],
    );
  });
});

function modulesOf(node: number, modules: readonly Fleet[]): Fleet[] {
  return Array.from({ length: modulesOnNode }, (_, offset) => modules[(node + offset) % modules.length] ?? []).flat();
}

async function prepare(module: Fleet): Promise<void> {
  for (const kernel of kernels) await module.push(kernel);
  await module.create();
}
