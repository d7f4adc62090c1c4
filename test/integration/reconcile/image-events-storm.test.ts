import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { createLocalQueue } from '../../../infra/local/queue/local-queue.ts';
import { toConsumers } from '../../../infra/server/consumers.ts';
import { targetFunctions } from '../../../infra/server/target-functions.ts';
import { route } from '../../../shared/events/route.ts';
import type { ImageTrigger } from '../../../shared/events/trigger.ts';
import { aFleet, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';

const kernels = Array.from({ length: 10 }, (_, index) => `6.1.0-${index}-amd64`);
const ours = (tag: string) => `registry.example/acme/kmod:${tag}`;

/** 200 tags of one repository, ten of them ours, each told three times: by tag, by tag and digest, and by digest alone. */
const storm = Array.from({ length: 200 }, (_, index) => `6.1.0-${index}-amd64`).flatMap((tag): ImageTrigger[] => {
  const of = { kind: 'image', action: 'push', registry: 'registry.example', repository: 'acme/kmod' } as const;
  return [
    { ...of, tag },
    { ...of, tag, digest: digestB },
    { ...of, digest: digestB },
  ];
});

/** A fleet of ten kernels that runs digest A, behind the queue of one process; counts begin with the storm. */
async function aFleetBehindItsQueue(gate: Promise<void> = Promise.resolve()) {
  const nodes = kernels.map((kernelVersion) => aNode({ name: kernelVersion, kernelVersion, labels: worker }));
  const fleet = aFleet([rawModule(), ...nodes]);
  for (const kernel of kernels) fleet.registry.put(ours(kernel), { digest: digestA });
  await nodeChanged(
    kernels.map((name) => ({ kind: 'node', name, change: 'joined' })),
    fleet.ports,
  );
  for (const kernel of kernels) fleet.registry.put(ours(kernel), { digest: digestB });
  const batches: number[] = [];
  const started = Promise.withResolvers<void>();
  const queue = createLocalQueue({
    consumers: (bus) => {
      const functions = targetFunctions({ ...fleet.ports, bus });
      const run = functions['image-changed'];
      return toConsumers({
        ...functions,
        'image-changed': async (triggers) => {
          batches.push(triggers.length);
          started.resolve();
          await gate;
          return run?.(triggers) ?? Promise.resolve([]);
        },
      });
    },
    logger: fleet.log,
    windowMilliseconds: 5,
  });
  const [calls, asked] = [fleet.cluster.calls.length, fleet.registry.calls.length];
  const counted = () => {
    const since = fleet.cluster.calls.slice(calls);
    const count = (verb: string, kind: string) =>
      since.filter((call) => call.verb === verb && call.kind === kind).length;
    return {
      asked: fleet.registry.calls.length - asked,
      lists: count('list', 'Module'),
      applied: count('apply', 'DaemonSet'),
      patched: count('patch', 'Module'),
    };
  };
  return { queue, batches, counted, started: started.promise };
}

describe('a storm of pushes', () => {
  it('in one go is one run: one list, one question and one write per target, one status patch', async () => {
    const { queue, batches, counted } = await aFleetBehindItsQueue();
    await queue.publish(route(storm));
    await queue.close();
    assert.equal(batches.length, 1);
    assert.deepEqual(counted(), { asked: 10, lists: 1, applied: 10, patched: 1 });
  });

  it('that trickles in while a run is under way is one more run', async () => {
    const gate = Promise.withResolvers<void>();
    const { queue, batches, counted, started } = await aFleetBehindItsQueue(gate.promise);
    const [first, ...others] = storm.map((trigger) => route([trigger]));
    await queue.publish(first ?? []);
    await started;
    for (const messages of others) {
      await queue.publish(messages);
      await setImmediate();
    }
    gate.resolve();
    await queue.close();
    assert.deepEqual(batches, [1, storm.length - 200]);
    const { asked, lists, applied } = counted();
    assert.equal(lists, 2);
    assert.equal(applied, 10, 'each DaemonSet is written once');
    assert.ok(asked <= 11, `${asked} questions for ten targets`);
  });
});
