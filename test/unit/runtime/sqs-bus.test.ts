import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SqsOptions } from '../../../shared/adapters/sqs/call-sqs.ts';
import { createSqsBus } from '../../../shared/adapters/sqs/sqs-bus.ts';
import { createSqsDeadLetters } from '../../../shared/adapters/sqs/sqs-dead-letters.ts';
import { readQueueBody } from '../../../shared/events/queue-body.ts';
import type { Message } from '../../../shared/ports/bus.ts';
import { BusError } from '../../../shared/ports/bus-error.ts';

const url = 'https://sqs.eu-west-1.amazonaws.com/123456789012/node-changed';
const message = (name: string, delaySeconds?: number): Message => ({
  to: 'node-changed',
  trigger: { kind: 'node', name, change: 'changed' },
  ...(delaySeconds !== undefined && { delaySeconds }),
});

interface Call {
  url: string;
  headers: Record<string, string>;
  body: { QueueUrl: string; Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[] };
}

type Answer = { status: number; text: string };
const json = (body: object, status = 200): Answer => ({ status, text: JSON.stringify(body) });

/** SQS as a function from call to answer; an answer that is missing is success. */
function sqs(...answers: (Answer | Error | undefined)[]) {
  const calls: Call[] = [];
  const options: SqsOptions = {
    region: 'eu-west-1',
    credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'very-secret' }),
    now: () => new Date(1_000_000),
    sleep: () => Promise.resolve(),
    post: async ({ url, headers, body }) => {
      calls.push({ url: url.href, headers, body: JSON.parse(body) });
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? { status: 200, text: '{"Successful":[]}' };
    },
  };
  return { calls, bus: createSqsBus({ ...options, queues: { 'node-changed': url } }), options };
}
const isBusError = (code: string) => (error: unknown) =>
  error instanceof BusError && error.code === code && !error.message.includes('very-secret');

describe('the bus on SQS', () => {
  test('sends signed batches of ten to the queue of the function', async () => {
    const { bus, calls } = sqs();
    await bus.publish(Array.from({ length: 23 }, (_, index) => message(`n${index}`)));
    assert.deepEqual(
      calls.map(({ body }) => body.Entries.length),
      [10, 10, 3],
    );
    assert.equal(calls[0]?.url, 'https://sqs.eu-west-1.amazonaws.com/');
    assert.equal(calls[0]?.body.QueueUrl, url);
    assert.equal(calls[0]?.headers['x-amz-target'], 'AmazonSQS.SendMessageBatch');
    assert.match(
      calls[0]?.headers['authorization'] ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/19700101\/eu-west-1\/sqs\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target,/,
    );
    assert.equal(new Set(calls[0]?.body.Entries.map(({ Id }) => Id)).size, 10);
  });

  test('rounds a delay up to seconds, and lets a longer one than SQS has travel in the body', async () => {
    const { bus, calls } = sqs();
    await bus.publish([message('a', 0.2), message('b', 900), message('c', 1500), message('d')]);
    const entries = calls[0]?.body.Entries ?? [];
    assert.deepEqual(
      entries.map(({ DelaySeconds }) => DelaySeconds),
      [1, 900, 900, undefined],
    );
    assert.deepEqual(
      entries.map(({ MessageBody }) => readQueueBody(MessageBody, { ignoredTaints: [] }).notBefore),
      [undefined, undefined, 2500, undefined],
    );
  });

  test('sends again only what SQS could not take', async () => {
    const { bus, calls } = sqs(json({ Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError' }] }));
    await bus.publish([message('a'), message('b')]);
    assert.deepEqual(
      calls.map(({ body }) => body.Entries.map(({ Id }) => Id)),
      [['0', '1'], ['1']],
    );
  });

  const throttled = () => json({ __type: 'com.amazonaws.sqs#ThrottlingException' }, 400);
  const cases: [what: string, answers: (Answer | Error)[], code: string, calls: number][] = [
    ['when SQS stays away', [new Error('a'), new Error('b'), new Error('c')], 'UNAVAILABLE', 3],
    ['when SQS stays broken', [1, 2, 3].map(() => ({ status: 500, text: 'oops' })), 'UNAVAILABLE', 3],
    ['when SQS keeps throttling', [throttled(), throttled(), throttled()], 'UNAVAILABLE', 3],
    ['at once when we have no right', [json({ __type: 'AccessDeniedException' }, 400)], 'REFUSED', 1],
    [
      'at once when a message is refused',
      [json({ Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents' }] })],
      'REFUSED',
      1,
    ],
  ];
  for (const [what, answers, code, count] of cases) {
    test(`fails ${what}`, async () => {
      const { bus, calls } = sqs(...answers);
      await assert.rejects(() => bus.publish([message('a')]), isBusError(code));
      assert.equal(calls.length, count);
    });
  }

  test('recovers from a lost connection', async () => {
    const { bus, calls } = sqs(new Error('reset'), throttled());
    await bus.publish([message('a')]);
    assert.equal(calls.length, 3);
  });

  test('sends nothing at all when one of the queues is not configured', async () => {
    const { bus, calls } = sqs();
    const other: Message = { to: 're-resolve', trigger: { kind: 'resolve', scope: {}, cause: 'sweep' } };
    await assert.rejects(() => bus.publish([message('a'), other]), isBusError('NO_QUEUE'));
    assert.deepEqual(calls, []);
  });

  test('buries poison with its reason', async () => {
    const { options, calls } = sqs();
    await createSqsDeadLetters({ ...options, queues: { 'node-changed': `${url}-dead` } }).put([
      { to: 'node-changed', body: 'nonsense', reason: 'not JSON' },
    ]);
    assert.equal(calls[0]?.body.QueueUrl, `${url}-dead`);
    assert.deepEqual(JSON.parse(calls[0]?.body.Entries[0]?.MessageBody ?? ''), {
      poison: 'nonsense',
      reason: 'not JSON',
    });
  });
});
