import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Consumer, createLocalQueue, type QueueOptions } from '../../../infra/local/queue/local-queue.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Message } from '../../../shared/ports/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const done: Outcome = { kind: 'done' };
const failed: Outcome = { kind: 'failed', error: new Error('away') };
const node = (name: string, delaySeconds?: number): Message => ({
  to: 'node-changed',
  trigger: { kind: 'node', name, change: 'changed' },
  ...(delaySeconds !== undefined && { delaySeconds }),
});
const names = (batch: readonly Message[]) =>
  batch.map((message) => ('trigger' in message && message.trigger.kind === 'node' ? message.trigger.name : ''));

function queueOf(consume: Consumer, options: Partial<QueueOptions> = {}) {
  const batches: string[][] = [];
  const queue = createLocalQueue({
    windowMilliseconds: 5,
    backoffMilliseconds: 1,
    logger: createFakeLogger(),
    ...options,
    consumers: () => ({
      'node-changed': (batch) => {
        batches.push(names(batch));
        return consume(batch);
      },
    }),
  });
  return { queue, batches };
}
const allDone: Consumer = async (batch) => batch.map(() => done);

describe('the local queue', () => {
  test('gathers what comes within the window into one batch, up to its size', async () => {
    const { queue, batches } = queueOf(allDone, { batchSize: 3 });
    for (const name of ['a', 'b', 'c', 'd']) await queue.publish([node(name)]);
    await queue.idle();
    assert.deepEqual(batches, [['a', 'b', 'c'], ['d']]);
  });

  test('runs one batch at a time', async () => {
    let running = 0;
    let most = 0;
    const { queue } = queueOf(
      async (batch) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return batch.map(() => done);
      },
      { batchSize: 1, windowMilliseconds: 0 },
    );
    await queue.publish(['a', 'b', 'c'].map((name) => node(name)));
    await queue.idle();
    assert.equal(most, 1);
  });

  test('delivers a failed message again, alone, and buries it after three times', async () => {
    const { queue, batches } = queueOf(async (batch) => names(batch).map((name) => (name === 'bad' ? failed : done)));
    await queue.publish([node('good'), node('bad')]);
    await queue.idle();
    assert.deepEqual(batches, [['good', 'bad'], ['bad'], ['bad']]);
    assert.deepEqual(
      queue.deadLetters().map(({ message, reason, receiveCount }) => [message, reason, receiveCount]),
      [[node('bad'), 'away', 3]],
    );
  });

  test('delivers a batch again whose function threw, or gave too few outcomes', async () => {
    const answers: Consumer[] = [() => Promise.reject(new Error('a bug')), async () => [], allDone];
    const { queue, batches } = queueOf((batch) => (answers.shift() ?? allDone)(batch));
    await queue.publish([node('a')]);
    await queue.idle();
    assert.deepEqual([batches.length, queue.deadLetters()], [3, []]);
  });

  test('gives dead messages another life, one or all', async () => {
    let outcome: Outcome = failed;
    const { queue } = queueOf(async (batch) => batch.map(() => outcome));
    await queue.publish(['a', 'b', 'c'].map((name) => node(name)));
    await queue.idle();
    outcome = done;
    assert.equal(queue.redrive(queue.deadLetters()[0]?.id), 1);
    assert.equal(queue.redrive('unknown'), 0);
    assert.equal(queue.redrive(), 2);
    await queue.idle();
    assert.deepEqual(queue.deadLetters(), []);
  });

  test('buries at once what no function takes', async () => {
    const { queue } = queueOf(allDone);
    await queue.publish([
      {
        to: 'sign-image',
        sign: {
          target: { namespace: 'n', module: 'm', kernelVersion: 'k', architecture: 'a' },
          kind: 'sign',
          inputs: '',
        },
      },
    ]);
    await queue.idle();
    assert.match(queue.deadLetters()[0]?.reason ?? '', /sign-image/);
  });

  test('holds a delayed message back, and does not call itself busy with one that is far off', async () => {
    const { queue, batches } = queueOf(allDone);
    await queue.publish([node('later', 0.05), node('far', 3600), node('now')]);
    await queue.idle(1000);
    assert.deepEqual(batches, [['now'], ['later']]);
    assert.deepEqual(names(await queue.close()), ['far']);
  });

  test('is idle only when what its functions published has run, too', async () => {
    let left = 3;
    const seen: string[][] = [];
    const queue = createLocalQueue({
      windowMilliseconds: 1,
      logger: createFakeLogger(),
      consumers: (bus) => ({
        'node-changed': async (batch) => {
          seen.push(names(batch));
          left -= 1;
          if (left > 0) await bus.publish([node(`follow-up ${left}`)]);
          return batch.map(() => done);
        },
      }),
    });
    await queue.publish([node('first')]);
    await queue.idle();
    assert.deepEqual(seen, [['first'], ['follow-up 2'], ['follow-up 1']]);
  });

  test('loses nothing that is due when it is closed', async () => {
    const { queue, batches } = queueOf(allDone, { windowMilliseconds: 30 });
    await queue.publish([node('a'), node('soon', 0.01)]);
    assert.deepEqual(await queue.close(), []);
    assert.deepEqual(batches.flat().sort(), ['a', 'soon']);
  });
});
