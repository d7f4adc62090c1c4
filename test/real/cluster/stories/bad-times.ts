import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../story-support/eventually.ts';
import { fleet, withPlugin } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import { deadLabel } from '../story-support/kwok-stages.ts';
import type { Story } from '../story-support/start-story.ts';

/** Events that are lost, forged, late and doubled; a server that dies. */
export function badTimeStories(story: () => Story): void {
  test('a forged review is refused, and one whose write never landed changes nothing', async () => {
    const forged = fleet(story(), 'forged');
    const kernel = '6.1.0-8-forged';
    await forged.push(kernel);
    await forged.create();
    const { door, cluster } = story();
    const seen = door.calls.length;
    await forged.join(['forged-a'], kernel);
    await forged.readyOn(['forged-a']);
    await forged.state(kernel, 'Ready');
    const real = door.calls.slice(seen).find(({ what, name }) => what === 'CREATE nodes' && name === 'forged-a');
    assert.ok(real);
    const end = await story().count();
    const forgery = Buffer.from(real.body.toString().replaceAll('forged-a', 'ghost').replaceAll(kernel, '6.6.6-ghost'));
    await forged.push('6.6.6-ghost');
    const wrong = real.path.replace(story().installation.secrets.hook, 'a-secret-that-was-guessed');
    assert.equal(await door.deliver({ path: wrong, body: forgery }), 404);
    // Whoever knows the secret can say that a node is there; nobody can make us believe it.
    assert.equal(await door.deliver({ path: real.path, body: forgery }), 200);
    // A real write that fails after its review: the name is taken.
    await assert.rejects(forged.join(['forged-a'], '6.6.6-ghost'));
    const counts = await end();
    assert.equal(counts.daemonSetWrites(), 0);
    assert.deepEqual(counts.nodePatches(), {});
    assert.equal(await forged.loader('6.6.6-ghost'), undefined);
    assert.equal(await forged.entry('6.6.6-ghost'), undefined);
    assert.equal(await cluster.get('Node', { name: 'ghost' }), undefined);
  });

  test('reviews of pods come doubled and in reverse: the labels are those of the pods', async () => {
    const reversed = fleet(story(), 'reversed');
    const kernel = '6.1.0-9-reversed';
    const nodes = ['reversed-a', 'reversed-b', 'reversed-c'];
    await reversed.push(kernel);
    await reversed.create(withPlugin);
    const release = story().door.keepBack(({ what, name }) => what.includes('pods') && name.startsWith('reversed-'));
    await reversed.join(nodes, kernel);
    const running = async () => {
      const pods = await reversed.loaderPods();
      const isReady = pods.length === 3 && pods.every(({ status }) => status?.containerStatuses?.[0]?.ready);
      return isReady || undefined;
    };
    await eventually('all loaders run', running);
    // One goes and comes again: its end is told after its successor's start.
    const [gone] = await reversed.loaderPods();
    await story().cluster.delete('Pod', { namespace, name: gone?.metadata.name ?? '' });
    await eventually('its successor runs', async () => {
      const pods = await reversed.loaderPods();
      return (!pods.some(({ metadata }) => metadata.uid === gone?.metadata.uid) && (await running())) || undefined;
    });
    const kept = release();
    assert.ok(kept.length >= 4, `${kept.length} reviews were kept back`);
    for (const call of [...kept.reverse(), ...kept]) assert.equal(await story().door.deliver(call), 200);
    await reversed.readyOn(nodes);
    await eventually('the device plugin runs', async () => (await reversed.pluginPods()).length === 3 || undefined);
  });

  test('the server is killed in the middle of a batch, and the next one ends its work', async () => {
    const killed = fleet(story(), 'killed');
    const kernels = Array.from({ length: 6 }, (_, index) => `6.2.${index}-killed`);
    const nodes = kernels.flatMap((kernel, index) =>
      [`a${index}`, `b${index}`].map((name) => ({ name: `killed-${name}`, kernel })),
    );
    for (const kernel of kernels) await killed.push(kernel);
    await killed.create();
    const joins = Promise.all(nodes.map(({ name, kernel }) => killed.join([name], kernel)));
    await eventually('the first DaemonSet stands', async () => {
      const found = await Promise.all(kernels.map(killed.loader));
      return found.some((loader) => loader !== undefined) || undefined;
    });
    await story().server.kill();
    await joins;
    await story().server.start();
    await killed.readyOn(nodes.map(({ name }) => name));
    for (const kernel of kernels) await killed.state(kernel, 'Ready');
    const writes = (await story().requests()).filter(
      ({ resource, verb, name }) => resource === 'daemonsets' && verb === 'patch' && name.startsWith('killed-'),
    );
    assert.equal(writes.filter(({ code }) => code === 201).length, kernels.length, 'each was made once');
  });

  test('hooks are down for a while: writes go on, and the sweep finds all that was missed', async () => {
    const missed = fleet(story(), 'missed');
    const kernel = '6.1.0-10-missed';
    await missed.push(kernel);
    await missed.create(withPlugin);
    await eventually('the device plugin stands', missed.plugin);
    story().door.shut();
    await missed.join(['missed-a', 'missed-b'], kernel);
    await missed.nodesReady(['missed-a', 'missed-b']);
    assert.equal(await missed.loader(kernel), undefined);
    await story().sweep();
    await eventually('the sweep has made the DaemonSet', () => missed.loader(kernel));
    await eventually('its pods run unseen', async () => {
      const pods = await missed.loaderPods();
      return (pods.length === 2 && pods.every(({ status }) => status?.containerStatuses?.[0]?.ready)) || undefined;
    });
    await missed.readyOn([]);
    await story().sweep();
    await missed.readyOn(['missed-a', 'missed-b']);
    story().door.open();
  });

  test('one dead node holds up no rollout, and no deletion of the Module', async () => {
    const dying = fleet(story(), 'dying');
    const kernel = '6.1.0-11-dying';
    const nodes = ['dying-a', 'dying-b', 'dying-c'];
    await dying.push(kernel);
    await dying.create();
    await dying.join(nodes, kernel);
    await dying.readyOn(nodes);
    await dying.state(kernel, 'Ready');
    await dying.patchNode('dying-a', { metadata: { labels: { [deadLabel]: '' } } });
    await eventually(
      'the node is Unknown',
      async () => {
        const ready = (await dying.node('dying-a'))?.status?.conditions?.find(({ type }) => type === 'Ready');
        return ready?.status === 'Unknown' || undefined;
      },
      { withinMs: 60_000 },
    );
    await dying.readyOn(nodes);
    const digest = await dying.push(kernel, 'second');
    await eventually(
      'the rollout is Ready though one node is dead',
      async () => {
        const entry = await dying.entry(kernel);
        return (entry?.state === 'Ready' && entry.digest === digest) || undefined;
      },
      { withinMs: 60_000 },
    );
    assert.deepEqual(await dying.runningOn(digest), ['dying-b', 'dying-c']);

    await story().cluster.delete('Module', { namespace, name: 'dying' });
    await eventually('the Module is gone', async () =>
      (await story().cluster.get('Module', { namespace, name: 'dying' })) === undefined ? true : undefined,
    );
    await eventually('its DaemonSets too', async () => ((await dying.loader(kernel)) === undefined ? true : undefined));
    // Of the dead node nobody knows what is loaded there: its pod stands, and its label with it.
    await eventually('the living nodes have lost the label', async () =>
      (await dying.isLabelledReady('dying-b')) || (await dying.isLabelledReady('dying-c')) ? undefined : true,
    );
  });
}
