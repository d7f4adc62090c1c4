import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moduleChanged } from '../../../functions/module-changed/module-changed.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import type { TargetPorts } from '../../../shared/ports/target-ports.ts';
import { aFleet, image, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeBuilder } from '../../fakes/builder.ts';

const changed: Trigger = { kind: 'module', namespace: 'gpu', name: 'acme', deleted: false };

class Died extends Error {}

/**
 * Two kernels, one with its image and one to build, and a device plugin: every kind of write in one run. `dieAt`: the process
 * dies before the n-th call of any port, so that nothing after it happens.
 */
function aStory(dieAt: number) {
  const module = rawModule({
    spec: { devicePlugin: { container: { image: 'registry.example/acme/plugin:1' } } },
    mapping: { build: { dockerfileConfigMap: { name: 'dockerfile' } } },
  });
  const fleet = aFleet([
    module,
    aNode({ labels: worker }),
    aNode({ name: 'node-2', labels: worker, kernelVersion: '6.12.0-1-amd64' }),
  ]);
  fleet.registry.put(image, { digest: digestA });
  const builder = createFakeBuilder();
  let calls = 0;
  const mortal = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(of, name, receiver) {
        const value = Reflect.get(of, name, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          calls += 1;
          if (calls >= dieAt) return Promise.reject(new Died(`call ${calls}`));
          return Reflect.apply(value, of, args);
        };
      },
    });
  const alive: TargetPorts = { ...fleet.ports, builder };
  const dying: TargetPorts = {
    ...alive,
    cluster: mortal<Cluster>(fleet.cluster),
    images: mortal(fleet.registry),
    bus: mortal(fleet.bus),
    builder: mortal(builder),
  };
  return { fleet, builder, alive, dying, calls: () => calls };
}

async function run(ports: TargetPorts): Promise<Outcome[]> {
  try {
    return await moduleChanged([changed], ports);
  } catch (error) {
    assert.ok(error instanceof Died);
    return [{ kind: 'failed', error }];
  }
}

async function outcome(story: ReturnType<typeof aStory>) {
  const { fleet, builder } = story;
  const daemonSets = (await fleet.daemonSets()).map(({ metadata, spec }) => [
    metadata.name,
    metadata.annotations,
    spec.template,
  ]);
  const { kernels, conditions } = await fleet.status();
  return { daemonSets, kernels, conditions, started: builder.started };
}

describe('a run that dies before its n-th call, and the message that comes again', () => {
  it('ends where an undisturbed run ends, with one build, for every n', async () => {
    const whole = aStory(Number.POSITIVE_INFINITY);
    await run(whole.dying);
    await run(whole.alive);
    const expected = await outcome(whole);
    assert.equal(expected.started.length, 1);
    assert.equal(expected.daemonSets.length, 2);
    const calls = whole.calls();
    assert.ok(calls > 8, 'the story is long enough to die in');
    for (let n = 1; n <= calls; n += 1) {
      const story = aStory(n);
      const [died] = await run(story.dying);
      assert.equal(died?.kind, 'failed', `dying before call ${n} is seen`);
      const [again] = await run(story.alive);
      assert.equal(again?.kind, 'done');
      await run(story.alive);
      assert.deepEqual(await outcome(story), expected, `after dying before call ${n}`);
    }
  });

  it('and three runs beside each other end there too', async () => {
    const whole = aStory(Number.POSITIVE_INFINITY);
    await run(whole.alive);
    await run(whole.alive);
    const story = aStory(Number.POSITIVE_INFINITY);
    const outcomes = await Promise.all([run(story.alive), run(story.alive), run(story.alive)]);
    assert.ok(outcomes.flat().every(({ kind }) => kind === 'done'));
    await run(story.alive);
    assert.deepEqual(await outcome(story), await outcome(whole));
  });
});
