import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelLabelValue } from '../../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../../shared/kmm/labels.ts';
import { changeKernel } from '../../support/control-plane/nodes.ts';
import { assertOncePerRun } from '../story-support/counting.ts';
import { eventually } from '../story-support/eventually.ts';
import { fleet, withPlugin } from '../story-support/fleet.ts';
import type { Story } from '../story-support/start-story.ts';

/** Nodes that boot another kernel, change labels and taints. */
export function changingNodeStories(story: () => Story): void {
  test('a kernel upgrade with a reboot: label and pod follow, and the old target is collected by the sweep', async () => {
    const upgraded = fleet(story(), 'upgraded');
    const [old, next] = ['6.1.0-1-old', '6.1.0-2-next'];
    for (const kernel of [old, next]) await upgraded.push(kernel);
    await upgraded.create();
    await upgraded.join(['upgraded-a'], old);
    await upgraded.nodesReady(['upgraded-a']);
    await upgraded.readyOn(['upgraded-a']);
    const end = await story().count();
    const began = Date.now();
    await changeKernel(story().cluster, 'upgraded-a', next, 'the-next-boot');
    await eventually('the new kernel has its DaemonSet', () => upgraded.loader(next));
    story().note('kernel upgrade → DaemonSet exists', Date.now() - began);
    await eventually('the pod of the new kernel is there alone, and the node is ready by it', async () => {
      const [pod, ...others] = await upgraded.loaderPods();
      const node = await upgraded.node('upgraded-a');
      const loaded = node?.metadata.annotations['kmm.node.kubernetes.io/drivers.upgraded.loaded'];
      const isNew = pod !== undefined && others.length === 0 && loaded === `the-next-boot kwok://${pod.metadata.uid}`;
      return isNew || undefined;
    });
    const counts = await end();
    assert.equal(counts.daemonSetsMade, 1);
    assertOncePerRun(counts.daemonSetWrites(), 1, 'writes');
    assertOncePerRun(counts.registryRequests, 1, 'questions');
    const node = await upgraded.node('upgraded-a');
    assert.equal(node?.metadata.labels[labels.kernelVersion], kernelLabelValue(next));
    await upgraded.readyOn(['upgraded-a']);

    await story().sweep();
    await eventually('the old DaemonSet is gone', async () =>
      (await upgraded.loader(old)) === undefined ? true : undefined,
    );
    await eventually('and its entry', async () => ((await upgraded.entry(old)) === undefined ? true : undefined));
    assert.notEqual(await upgraded.loader(next), undefined);
  });

  test('a relabelled node joins the selector, and leaves it: the module is loaded, and unloaded', async () => {
    const relabelled = fleet(story(), 'relabelled');
    const kernel = '6.1.0-3-relabelled';
    await relabelled.push(kernel);
    await relabelled.create(withPlugin);
    const [selected = ''] = Object.keys(relabelled.selector);
    await relabelled.join(['relabelled-a'], kernel, { labels: { [selected]: 'not-yet' } });
    await relabelled.nodesReady(['relabelled-a']);
    assert.equal(await relabelled.loader(kernel), undefined);

    await relabelled.patchNode('relabelled-a', { metadata: { labels: relabelled.selector } });
    await relabelled.readyOn(['relabelled-a']);
    await eventually('the device plugin runs', async () => (await relabelled.pluginPods())[0]);

    await relabelled.patchNode('relabelled-a', { metadata: { labels: { [selected]: null } } });
    await eventually('no pod is left', async () => {
      const pods = [...(await relabelled.loaderPods()), ...(await relabelled.pluginPods())];
      return pods.length === 0 || undefined;
    });
    await relabelled.readyOn([]);
  });

  test('a node with the taints of an EKS node that starts is served at once', async () => {
    const starting = fleet(story(), 'starting');
    const kernel = '6.12.30-37.109.amzn2023.x86_64';
    await starting.push(kernel);
    await starting.create();
    const taints = [
      { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' },
      { key: 'ebs.csi.aws.com/agent-not-ready', effect: 'NoExecute' },
      { key: 'karpenter.sh/unregistered', effect: 'NoExecute' },
    ];
    await starting.join(['starting-a'], kernel, { taints });
    await eventually('its DaemonSet stands while the taints do', () => starting.loader(kernel));
    await starting.nodesReady(['starting-a']);
    const end = await story().count();
    await starting.patchNode('starting-a', { spec: { taints: null } });
    await starting.readyOn(['starting-a']);
    const counts = await end();
    assert.equal(counts.daemonSetWrites(), 0, 'taints that come and go by themselves change nothing');
  });

  test('the last node of a kernel is tainted: nothing is unloaded, by no sweep either', async () => {
    const tainted = fleet(story(), 'tainted');
    const kernel = '6.1.0-4-tainted';
    await tainted.push(kernel);
    await tainted.create(withPlugin);
    await tainted.join(['tainted-a'], kernel);
    await tainted.nodesReady(['tainted-a']);
    await tainted.readyOn(['tainted-a']);
    await tainted.state(kernel, 'Ready');
    const before = (await tainted.loaderPods()).map(({ metadata }) => metadata.uid);
    const end = await story().count();
    await tainted.patchNode('tainted-a', { spec: { taints: [{ key: 'example.com/retired', effect: 'NoSchedule' }] } });
    await story().sweep();
    const counts = await end();
    assert.equal(counts.daemonSetWrites('tainted-'), 0);
    assert.deepEqual(counts.nodePatches('tainted-'), {});
    assert.deepEqual(
      (await tainted.loaderPods()).map(({ metadata }) => metadata.uid),
      before,
    );
    await tainted.readyOn(['tainted-a']);
    assert.equal((await tainted.entry(kernel))?.state, 'Ready');
  });
}
