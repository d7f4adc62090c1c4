import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { annotations } from '../../../../shared/kmm/labels.ts';
import { apiPath } from '../../../../shared/kubernetes/resources.ts';
import { eventually } from '../story-support/eventually.ts';
import { fleet } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import { crashingImage, lastWords } from '../story-support/kwok-stages.ts';
import type { Story } from '../story-support/start-story.ts';

/** Images that come late, change, and are bad. */
export function imageStories(story: () => Story): void {
  test('a push brings the image that a node waits for', async () => {
    const waiting = fleet(story(), 'waiting');
    const kernel = '6.1.0-5-waiting';
    await waiting.create();
    await waiting.join(['waiting-a'], kernel);
    const { reason } = await waiting.state(kernel, 'ImageMissing');
    assert.notEqual(reason, undefined);
    assert.equal(await waiting.loader(kernel), undefined);
    const began = Date.now();
    await waiting.push(kernel);
    await eventually('the DaemonSet stands', () => waiting.loader(kernel));
    story().note('push → DaemonSet exists', Date.now() - began);
    await waiting.readyOn(['waiting-a']);
  });

  test('a bad image stops after one node, with its words in the status, and a good one mends it', async () => {
    const rolled = fleet(story(), 'rolled');
    const kernel = '6.1.0-6-rolled';
    const nodes = ['rolled-a', 'rolled-b', 'rolled-c', 'rolled-d'];
    await rolled.push(kernel);
    await rolled.create({ metadata: { annotations: { [annotations.maxUnavailable]: '100%' } } });
    await rolled.join(nodes, kernel);
    await rolled.readyOn(nodes);
    await rolled.state(kernel, 'Ready');
    const good = await rolled.loaderPods();

    const bad = await rolled.push(kernel, crashingImage);
    const { message } = await rolled.state(kernel, 'RolloutFailed');
    assert.ok(message?.includes(lastWords), message);
    assert.equal((await rolled.entry(kernel))?.digest, bad);
    // Longer than a canary takes that is fine.
    await setTimeout(12_000);
    const left = (await rolled.loaderPods()).filter(({ metadata }) =>
      good.some((pod) => pod.metadata.uid === metadata.uid),
    );
    assert.equal(left.length, nodes.length - 1, 'one node bears the bad image');
    const ready = left.map(({ spec }) => spec?.nodeName ?? '');
    await rolled.readyOn(ready);

    await rolled.push(kernel, 'mended');
    await rolled.state(kernel, 'Ready', 60_000);
    await rolled.readyOn(nodes);
  });

  test('a pull secret is rotated: nothing is built, rolled out or written', async () => {
    const rotated = fleet(story(), 'rotated');
    const kernel = '6.1.0-7-rotated';
    const secret = (password: string) => {
      const auth = Buffer.from(`user:${password}`).toString('base64');
      const config = JSON.stringify({ auths: { [story().registry.host]: { auth } } });
      return { data: { '.dockerconfigjson': Buffer.from(config).toString('base64') } };
    };
    await story().plane.api.call('POST', apiPath('Secret', { namespace }), {
      metadata: { name: 'rotated' },
      type: 'kubernetes.io/dockerconfigjson',
      ...secret('first'),
    });
    await rotated.push(kernel);
    await rotated.create({ spec: { selector: rotated.selector, imageRepoSecret: { name: 'rotated' } } });
    await rotated.join(['rotated-a'], kernel);
    await rotated.readyOn(['rotated-a']);
    await rotated.state(kernel, 'Ready');
    const before = (await rotated.loader(kernel))?.metadata;
    const end = await story().count();
    await story().cluster.patch('Secret', { namespace, name: 'rotated' }, secret('second'));
    await story().sweep();
    const counts = await end();
    assert.equal(counts.requests['get secrets'], 1, 'the sweep asked the registry with it');
    assert.equal(counts.daemonSetWrites('rotated-'), 0);
    assert.deepEqual(counts.nodePatches('rotated-'), {});
    assert.equal(
      Object.keys(counts.requests).some((what) => what.includes('jobs')),
      false,
    );
    const after = (await rotated.loader(kernel))?.metadata;
    assert.deepEqual([after?.uid, after?.generation], [before?.uid, before?.generation]);
    assert.deepEqual((await story().cluster.list('Job', { namespace })).length, 0);
  });

  test('a force by hand is recorded on the Module, and without a builder nothing is rolled out', async () => {
    const forced = fleet(story(), 'forced');
    const kernel = '6.1.0-17-forced';
    await forced.push(kernel);
    await forced.create();
    await forced.join(['forced-a'], kernel);
    await forced.readyOn(['forced-a']);
    await forced.state(kernel, 'Ready');
    const end = await story().count();
    await story().byHand({ scope: { namespace, module: 'forced' }, force: true });
    const counts = await end();
    assert.equal(counts.requests['patch modules'], 1);
    assert.equal(counts.daemonSetWrites(), 0);
    assert.deepEqual(counts.nodePatches(), {});
    const module = await story().cluster.get('Module', { namespace, name: 'forced' });
    assert.match(module?.metadata.annotations[annotations.reResolve] ?? '', / force/);
  });
}
