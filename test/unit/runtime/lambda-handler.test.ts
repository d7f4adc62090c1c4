import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Outcome } from '../../../shared/events/outcome.ts';
import { toQueueBody } from '../../../shared/events/queue-body.ts';
import { ecr } from '../../../shared/events/sources/ecr.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import type { QueuedFunction } from '../../../shared/ports/bus.ts';
import type { DeadLetter } from '../../../shared/ports/dead-letters.ts';
import { lambdaHandler } from '../../../shared/runtime/lambda-handler.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const done: Outcome = { kind: 'done' };
const failed: Outcome = { kind: 'failed', error: new Error('API server away') };
const node = (name: string): Trigger => ({ kind: 'node', name, change: 'changed' });

function lambda(run: (triggers: Trigger[]) => Promise<Outcome[]>, to: QueuedFunction = 'node-changed') {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const buried: DeadLetter[] = [];
  const ran: Trigger[][] = [];
  const deadLetters = { put: async (letters: readonly DeadLetter[]) => void buried.push(...letters) };
  const handler = lambdaHandler({
    to,
    run: (triggers: Trigger[]) => {
      ran.push(triggers);
      return run(triggers);
    },
    ports: () => ({}),
    sources: to === 'image-changed' ? [ecr] : [],
    shell: () => ({ bus, logger, deadLetters, now: () => new Date(1_000_000), ignoredTaints: [] }),
  });
  return { handler, bus, logger, buried, ran, deadLetters };
}

const sqs = (...bodies: string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    body,
    eventSource: 'aws:sqs',
    receiptHandle: 'r',
    attributes: {},
  })),
});
const message = (trigger: Trigger, notBefore?: number) => toQueueBody({ trigger }, notBefore);
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('a function behind a queue', () => {
  test('runs once for a batch, each trigger once', async () => {
    const { handler, ran } = lambda(async (triggers) => triggers.map(() => done));
    assert.deepEqual(await handler(sqs(message(node('a')), message(node('b')), message(node('a')))), failures());
    assert.deepEqual(ran, [[node('a'), node('b')]]);
  });

  test('takes a force that comes twice for the one that was sent', async () => {
    const { handler, ran } = lambda(async (triggers) => triggers.map(() => done), 're-resolve');
    const [record] = sqs(message({ kind: 'resolve', cause: 'manual', scope: {}, force: true })).Records;
    const sent = { Records: [{ ...record, attributes: { SentTimestamp: '1763985600000' } }] };
    await handler(sent);
    await handler(sent);
    const forced = ran.flat().map((trigger) => trigger.kind === 'resolve' && trigger.forcedAt);
    assert.deepEqual(forced, ['2025-11-24T12:00:00.000Z', '2025-11-24T12:00:00.000Z']);
  });

  test('reports the messages whose trigger failed, and only those', async () => {
    const { handler } = lambda(async (triggers) =>
      triggers.map((trigger) => (trigger.kind === 'node' && trigger.name === 'a' ? failed : done)),
    );
    assert.deepEqual(
      await handler(sqs(message(node('a')), message(node('b')), message(node('a')))),
      failures('m0', 'm2'),
    );
  });

  test('reports all of them when it throws', async () => {
    const { handler } = lambda(() => Promise.reject(new Error('a bug')));
    assert.deepEqual(await handler(sqs(message(node('a')), message(node('b')))), failures('m0', 'm1'));
  });

  test('reports a trigger that it got no outcome for', async () => {
    const { handler } = lambda(async () => [done]);
    assert.deepEqual(await handler(sqs(message(node('a')), message(node('b')))), failures('m1'));
  });

  test('buries poison alone, never to come again', async () => {
    const { handler, buried, ran } = lambda(async (triggers) => triggers.map(() => done));
    assert.deepEqual(
      await handler(sqs('nonsense', message(node('a')), '{"trigger":{"kind":"node"}}', '{"a":1}')),
      failures(),
    );
    assert.deepEqual(ran, [[node('a')]]);
    assert.deepEqual(
      buried.map(({ to, body }) => [to, body]),
      [
        ['node-changed', 'nonsense'],
        ['node-changed', '{"trigger":{"kind":"node"}}'],
        ['node-changed', '{"a":1}'],
      ],
    );
  });

  test('buries a trigger that was meant for another function', async () => {
    const { handler, buried, ran } = lambda(async (triggers) => triggers.map(() => done));
    assert.deepEqual(await handler(sqs(message({ kind: 'resolve', scope: {}, cause: 'sweep' }))), failures());
    assert.deepEqual(
      [ran, buried.map(({ reason }) => reason)],
      [[], ['a trigger of kind resolve is for re-resolve, not for node-changed']],
    );
  });

  test('leaves poison to the queue when the dead letters are away', async () => {
    const { handler, deadLetters } = lambda(async (triggers) => triggers.map(() => done));
    deadLetters.put = () => Promise.reject(new Error('away'));
    assert.deepEqual(await handler(sqs('nonsense', message(node('a')))), failures('m0'));
  });

  test('puts off what came too early, for the rest of its time', async () => {
    const { handler, bus, ran } = lambda(async (triggers) => triggers.map(() => done));
    const retry: Trigger = { kind: 'node', name: 'late', change: 'changed' };
    assert.deepEqual(await handler(sqs(message(retry, 1600), message(node('due'), 1000))), failures());
    assert.deepEqual(bus.published, [{ to: 'node-changed', trigger: retry, delaySeconds: 600 }]);
    assert.deepEqual(ran, [[node('due')]]);
  });

  test('refuses an event of another kind of queue', async () => {
    const { handler } = lambda(async () => []);
    await assert.rejects(() => handler({ Records: [{ eventSource: 'aws:kinesis' }] }), /SQS event/);
  });
});

describe('a function that EventBridge calls', () => {
  const pushed = {
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    account: '123456789012',
    region: 'eu-west-1',
    detail: { result: 'SUCCESS', 'repository-name': 'a', 'action-type': 'PUSH', 'image-tag': '1' },
  };
  const image: Trigger = {
    kind: 'image',
    action: 'push',
    registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    repository: 'a',
    tag: '1',
  };

  test('runs for the event', async () => {
    const { handler, ran } = lambda(async () => [done], 'image-changed');
    assert.equal(await handler(pushed), undefined);
    assert.deepEqual(ran, [[image]]);
  });
  test('takes the same event from a queue', async () => {
    const { handler, ran } = lambda(async () => [done], 'image-changed');
    assert.deepEqual(await handler(sqs(JSON.stringify(pushed))), failures());
    assert.deepEqual(ran, [[image]]);
  });
  test('buries an event of a source that is not its own', async () => {
    const { handler, ran, buried } = lambda(async () => [done], 'node-changed');
    await handler(pushed);
    assert.deepEqual(await handler(sqs(JSON.stringify(pushed))), failures());
    assert.deepEqual([ran, buried.length], [[], 2]);
  });
  test('fails the call when its trigger failed, so that it comes again', async () => {
    const { handler } = lambda(async () => [failed], 'image-changed');
    await assert.rejects(() => handler(pushed), /image-changed/);
  });
  test('buries what it does not understand', async () => {
    const { handler, buried } = lambda(async () => [], 'image-changed');
    assert.equal(await handler({ hello: 'world' }), undefined);
    assert.equal(buried.length, 1);
  });
});
