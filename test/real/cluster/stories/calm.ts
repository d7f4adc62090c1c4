import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { eventually } from '../story-support/eventually.ts';
import { type Fleet, fleet, withPlugin } from '../story-support/fleet.ts';
import { releaseWords } from '../story-support/release-words.ts';
import type { Story } from '../story-support/start-story.ts';

/** Things happen that must change nothing on nodes. */
export function calmStories(story: () => Story): void {
  test('the functions are upgraded under load, and back: no pod restarts, no DaemonSet moves', async () => {
    const rendered = fleet(story(), 'rendered');
    const kernel = '6.1.0-13-rendered';
    const kernels = [1, 2, 3].map((index) => `6.3.${index}-rendered`);
    for (const each of [kernel, ...kernels]) await rendered.push(each);
    await rendered.create(withPlugin);
    const nodes = ['rendered-a', 'rendered-b', 'rendered-c'];
    await rendered.join(nodes, kernel);
    await rendered.readyOn(nodes);
    await eventually('the plugin runs', async () => (await rendered.pluginPods()).length === 3 || undefined);
    const before = await uids(rendered);
    const generation = (await rendered.loader(kernel))?.metadata.generation;

    const joined = kernels.flatMap((each) =>
      [1, 2, 3, 4].map((index) => ({ name: `rendered-${each}-${index}`, each })),
    );
    const joins = Promise.all(joined.map(({ name, each }) => rendered.join([name], each)));
    await story().server.stop();
    await story().server.start({ release: 'next' });
    await joins;
    const all = [...nodes, ...joined.map(({ name }) => name)];
    await rendered.readyOn(all);
    await rendered.push('6.3.9-rendered');
    await rendered.join(['rendered-new'], '6.3.9-rendered');
    const fresh = await eventually('a new kernel is served', () => rendered.loader('6.3.9-rendered'));
    assert.ok(JSON.stringify(fresh.spec).includes(releaseWords.next), 'by the next release');
    await rendered.readyOn([...all, 'rendered-new']);
    await story().sweep();
    const end = await story().count();
    await end();
    await story().server.stop();
    await story().server.start();
    await story().sweep();
    const counts = await (await story().count())();
    assert.equal(counts.daemonSetWrites('rendered-'), 0);
    const after = await uids(rendered);
    for (const uid of before) assert.ok(after.includes(uid), 'a pod of before the upgrade is gone');
    assert.equal((await rendered.loader(kernel))?.metadata.generation, generation);
    assert.equal((await rendered.loader('6.3.9-rendered'))?.metadata.generation, 1);
  });

  test('many nodes are cut off for a while: no label is written, and the device plugins stay', async () => {
    const cut = fleet(story(), 'cut');
    const kernel = '6.1.0-14-cut';
    const nodes = Array.from({ length: 40 }, (_, index) => `cut-${index}`);
    await cut.push(kernel);
    await cut.create(withPlugin);
    await cut.join(nodes, kernel);
    await cut.readyOn(nodes);
    await eventually('all plugins run', async () => (await cut.pluginPods()).length === nodes.length || undefined);
    await cut.state(kernel, 'Ready');
    const before = await uids(cut);
    const end = await story().count();
    await story().plane.stopComponent('kwok');
    await eventually('all are Unknown', async () => (await unknownOf(cut, nodes)) === nodes.length || undefined, {
      withinMs: 60_000,
    });
    await story().sweep();
    await setTimeout(5_000);
    await story().sweep();
    await story().plane.startComponent('kwok');
    await eventually('all are back', async () => (await unknownOf(cut, nodes)) === 0 || undefined, {
      withinMs: 60_000,
    });
    const counts = await end();
    assert.deepEqual(counts.nodePatches('cut-'), {});
    assert.equal(counts.daemonSetWrites('cut-'), 0);
    assert.deepEqual(await uids(cut), before);
    await cut.readyOn(nodes);
  });
}

async function uids(of: Fleet): Promise<string[]> {
  const pods = [...(await of.loaderPods()), ...(await of.pluginPods())];
  return pods.map(({ metadata }) => metadata.uid).sort();
}

async function unknownOf(of: Fleet, names: readonly string[]): Promise<number> {
  const nodes = await of.nodes();
  return nodes.filter(({ metadata, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return names.includes(metadata.name) && ready?.status !== 'True';
  }).length;
}
