import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labels } from '../../../../shared/kmm/labels.ts';
import type { Pod } from '../../../../shared/kubernetes/objects.ts';
import { eventually } from '../story-support/eventually.ts';
import { type Fleet, fleet, withPlugin } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import type { Story } from '../story-support/start-story.ts';

/** KMM's ordered upgrade: nodes move to another version when an admin says so, one by one. */
export function versionStories(story: () => Story): void {
  test('two versions by the label protocol: the plugin leaves first and comes last, the other node stays', async () => {
    const ordered = fleet(story(), 'ordered');
    const kernel = '6.1.0-12-ordered';
    await ordered.push(kernel);
    await ordered.create({ ...withPlugin, container: { version: 'v1' } });
    const wish = labels.versionModule(namespace, 'ordered');
    await ordered.join(['ordered-a', 'ordered-b'], kernel, { labels: { [wish]: 'v1' } });
    await runsOn(ordered, { 'ordered-a': 'v1', 'ordered-b': 'v1' });
    const before = await podsOn(ordered, 'ordered-b');

    const second = await ordered.push(kernel, 'second');
    await story().cluster.patch(
      'Module',
      { namespace, name: 'ordered' },
      { spec: { moduleLoader: { container: { version: 'v2' } } } },
    );
    await ordered.patchNode('ordered-a', { metadata: { labels: { [wish]: 'v2' } } });
    const seen = await runsOn(ordered, { 'ordered-a': 'v2', 'ordered-b': 'v1' });
    // From its start to its end: loaders and plugins of the node, as they were seen one after another.
    const order = seen.filter((what, index) => what !== seen[index - 1]);
    for (const { loader, plugin } of order.map((what) => JSON.parse(what))) {
      assert.ok(plugin === undefined || plugin === loader, `a plugin of ${plugin} beside a loader of ${loader}`);
    }
    assert.deepEqual(await ordered.runningOn(second), ['ordered-a']);
    assert.deepEqual(await podsOn(ordered, 'ordered-b'), before, 'the other node was left alone');
  });
}

/** Waits until each node runs loader and plugin of its version alone. Returns what was seen of the first one meanwhile. */
async function runsOn(ordered: Fleet, wanted: Record<string, string>): Promise<string[]> {
  const seen: string[] = [];
  const [first = ''] = Object.keys(wanted);
  await eventually(`the versions are ${JSON.stringify(wanted)}`, async () => {
    // The plugin is read first: a loader that goes in between must not look as if it had gone before it.
    const plugins = await ordered.pluginPods();
    const loaders = await ordered.loaderPods();
    const on = (node: string) => ({
      loader: versions(loaders, node, labels.versionWorkerPod(namespace, 'ordered')),
      plugin: versions(plugins, node, labels.versionSchedulePod(namespace, 'ordered')),
    });
    seen.push(JSON.stringify(on(first)));
    const isSo = Object.entries(wanted).every(([node, version]) => {
      const { loader, plugin } = on(node);
      return loader === version && plugin === version;
    });
    return isSo || undefined;
  });
  return seen;
}

function versions(pods: readonly Pod[], node: string, label: string): string | undefined {
  const own = pods
    .filter(({ spec }) => spec?.nodeName === node)
    .map(({ metadata }) => metadata.labels[label] ?? 'none');
  return own.length === 0 ? undefined : own.sort().join();
}

async function podsOn(ordered: Fleet, node: string): Promise<string[]> {
  const pods = [...(await ordered.loaderPods()), ...(await ordered.pluginPods())];
  return pods.filter(({ spec }) => spec?.nodeName === node).map(({ metadata }) => metadata.uid);
}
