import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelLabelValue } from '../../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../../shared/kmm/labels.ts';
import { assertOncePerRun, nameOf } from '../story-support/counting.ts';
import { eventually } from '../story-support/eventually.ts';
import { fleet, withPlugin } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import type { Story } from '../story-support/start-story.ts';

/** Nodes come, with kernels that are known and that are not. */
export function joiningStories(story: () => Story): void {
  test('nodes of three kernels join: one DaemonSet each, and the device plugin follows the label', async () => {
    const joined = fleet(story(), 'joined');
    const kernels = ['6.1.0-47-amd64', '6.8.0-90-generic', '5.14.0-427.el9.x86_64+rt'];
    for (const kernel of kernels) await joined.push(kernel);
    await joined.create(withPlugin);
    await eventually('the device plugin stands', joined.plugin);
    const end = await story().count();
    const nodes = kernels.map((kernel, index) => ({ name: `joined-${index}`, kernel }));
    const began = Date.now();
    await Promise.all(nodes.map(({ name, kernel }) => joined.join([name], kernel)));
    for (const kernel of kernels) await eventually(`${kernel} has its DaemonSet`, () => joined.loader(kernel));
    story().note('new kernels: node created → DaemonSet exists', Date.now() - began);
    await eventually('all loaders run', async () => {
      const pods = await joined.loaderPods();
      return (pods.length === 3 && pods.every(({ status }) => status?.containerStatuses?.[0]?.ready)) || undefined;
    });
    story().note('node created → pod Ready', Date.now() - began);
    await joined.readyOn(nodes.map(({ name }) => name));
    story().note('node created → labelled ready', Date.now() - began);
    await eventually(
      'the device plugin runs on all three',
      async () => (await joined.pluginPods()).length === 3 || undefined,
    );
    const counts = await end();
    assert.equal(counts.daemonSetsMade, 3, 'one a kernel');
    assertOncePerRun(counts.daemonSetWrites(), 3, 'writes');
    assertOncePerRun(counts.registryRequests, 3, 'questions');
    for (const { name, kernel } of nodes) {
      const node = await joined.node(name);
      assert.equal(node?.metadata.labels[labels.kernelVersion], kernelLabelValue(kernel));
      assert.equal(node?.metadata.labels[labels.devicePluginReady(namespace, 'joined')], '');
    }
    for (const kernel of kernels) await joined.state(kernel, 'Ready');
    const status = await joined.status();
    assert.deepEqual(status.moduleLoader, {
      nodesMatchingSelectorNumber: 3,
      desiredNumber: 3,
      availableNumber: 3,
    });
  });

  test('a new kernel costs three reads, one question and one DaemonSet; a known one nothing but labels', async () => {
    const counted = fleet(story(), 'counted');
    const kernel = '6.1.0-18-counted';
    await counted.push(kernel);
    await counted.create(withPlugin);
    await eventually('the device plugin stands', counted.plugin);
    await (await story().count())();
    const endNew = await story().count();
    await counted.join(['counted-a'], kernel);
    await counted.readyOn(['counted-a']);
    const fresh = await endNew();
    const made = fresh.entries.findIndex(({ resource, verb }) => resource === 'daemonsets' && verb === 'patch');
    const reads = fresh.entries.slice(0, made).map(nameOf);
    // Three a run; a second run that began meanwhile may have asked some of the same three.
    for (const read of ['get nodes', 'list daemonsets', 'list modules']) {
      assertOncePerRun(reads.filter((one) => one === read).length, 1, read);
    }
    assert.ok(reads.length <= 6, reads.join(', '));
    assert.equal(fresh.daemonSetsMade, 1);
    assertOncePerRun(fresh.daemonSetWrites(), 1, 'writes');
    assertOncePerRun(fresh.registryRequests, 1, 'questions');
    await counted.state(kernel, 'Ready');

    const endKnown = await story().count();
    await counted.join(['counted-b'], kernel);
    await counted.readyOn(['counted-a', 'counted-b']);
    await eventually('the plugin runs', async () => (await counted.pluginPods()).length === 2 || undefined);
    const known = await endKnown();
    assert.equal(known.daemonSetWrites(), 0);
    assert.equal(known.registryRequests, 0);
    // By the pods: one when the loader is ready, one when the plugin is.
    assert.deepEqual(known.nodePatches(), { 'counted-b': 2 });
  });
}
