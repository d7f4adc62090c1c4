import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { imageChanged } from '../../../functions/image-changed/image-changed.ts';
import { nodeChanged } from '../../../functions/node-changed/node-changed.ts';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { createSqsBus } from '../../../shared/adapters/sqs/sqs-bus.ts';
import { ecr } from '../../../shared/events/sources/ecr.ts';
import type { DeadLetter } from '../../../shared/ports/dead-letters.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { lambdaHandler } from '../../../shared/runtime/lambda-handler.ts';
import { aFleet, kernel, worker } from '../../builders/fleet.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { callKmm } from '../../unit/cli/call-kmm.ts';
import { account, type Moto, missingMoto, region, startMoto } from './moto.ts';

const skip = await missingMoto();

const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
const image = `${registry}/acme/kmod:${kernel}`;
const key = `${kernel}/amd64`;
const QueueUrl = z.object({ QueueUrl: z.string() });
const QueueArn = z.object({ Attributes: z.object({ QueueArn: z.string() }) });
const Received = z.object({
  Messages: z.array(z.object({ MessageId: z.string(), ReceiptHandle: z.string(), Body: z.string() })).default([]),
});

/** The one field of the envelope that moto leaves out. */
function withAccount(body: string): string {
  return body.replace('"source": "aws.ecr"', `"source": "aws.ecr", "account": "${account}"`);
}

describe('ECR → EventBridge → SQS → image-changed', { skip }, () => {
  const module = rawModule({ mapping: { containerImage: `${registry}/acme/kmod:\${KERNEL_FULL_VERSION}` } });
  const fleet = aFleet([module, aNode({ labels: worker })]);
  const letters: DeadLetter[] = [];
  let moto: Moto;
  let queue: string;

  before(async () => {
    moto = await startMoto();
    queue = QueueUrl.parse(await moto.call('sqs', 'CreateQueue', { QueueName: 'image-changed' })).QueueUrl;
    const names = { QueueUrl: queue, AttributeNames: ['QueueArn'] };
    const { QueueArn: arn } = QueueArn.parse(await moto.call('sqs', 'GetQueueAttributes', names)).Attributes;
    const pattern = {
      source: ['aws.ecr'],
      'detail-type': ['ECR Image Action'],
      detail: { result: ['SUCCESS'], 'action-type': ['PUSH', 'DELETE'] },
    };
    await moto.call('events', 'PutRule', { Name: 'images', EventPattern: JSON.stringify(pattern), State: 'ENABLED' });
    await moto.call('events', 'PutTargets', { Rule: 'images', Targets: [{ Id: 'queue', Arn: arn }] });
    await nodeChanged([{ kind: 'node', name: 'node-1', change: 'joined' }], fleet.ports);
    assert.equal((await fleet.status()).kernels[key]?.state, 'ImageMissing');
  });
  after(() => moto?.stop());

  const handler = lambdaHandler({
    to: 'image-changed',
    run: imageChanged,
    ports: () => fleet.ports,
    shell: () => ({
      bus: fleet.bus,
      deadLetters: { put: async (dead) => void letters.push(...dead) },
      logger: fleet.log,
      now: fleet.ports.now,
      ignoredTaints: [],
    }),
    sources: [ecr],
  });

  /** What an event source mapping does, once: receive, invoke, delete what did not fail. Returns how many came. */
  async function poll(): Promise<number> {
    const asked = { QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages } = Received.parse(await moto.call('sqs', 'ReceiveMessage', asked));
    const Records = Messages.map(({ MessageId, Body }) => ({
      messageId: MessageId,
      body: withAccount(Body),
      eventSource: 'aws:sqs',
    }));
    const { batchItemFailures = [] } = (await handler({ Records })) ?? {};
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId, ReceiptHandle } of Messages) {
      if (!failed.has(MessageId)) await moto.call('sqs', 'DeleteMessage', { QueueUrl: queue, ReceiptHandle });
    }
    return Messages.length;
  }

  /** As ECR puts it onto the bus; EventBridge adds the envelope. */
  async function put(detail: object, type = 'ECR Image Action'): Promise<void> {
    const entry = { Source: 'aws.ecr', DetailType: type, Detail: JSON.stringify(detail) };
    await moto.call('events', 'PutEvents', { Entries: [entry] });
  }

  const action = (fields: object) => ({
    result: 'SUCCESS',
    'repository-name': 'acme/kmod',
    'image-tag': kernel,
    ...fields,
  });

  test('a push makes the DaemonSet appear', async () => {
    fleet.registry.put(image, { digest: digestA });
    await put(action({ 'action-type': 'PUSH', 'image-digest': digestA }));
    assert.equal(await poll(), 1);
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(`${registry}/acme/kmod@${digestA}`));
  });

  test('a scan and a push that failed never leave EventBridge', async () => {
    await put({ 'scan-status': 'COMPLETE', 'repository-name': 'acme/kmod' }, 'ECR Image Scan');
    await put({ ...action({ 'action-type': 'PUSH' }), result: 'FAILURE' });
    assert.equal(await poll(), 0);
  });

  test('ten pushes of one tag in a batch are one look at the target', async () => {
    const before = fleet.registry.calls.length;
    fleet.registry.put(image, { digest: digestB });
    for (let count = 0; count < 10; count += 1) await put(action({ 'action-type': 'PUSH', 'image-digest': digestB }));
    let came = 0;
    while (came < 10) {
      const batch = await poll();
      assert.ok(batch > 0, `only ${came} came`);
      came += batch;
    }
    assert.ok(fleet.registry.calls.length - before < 10);
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(digestB));
  });

  test('a delete is a state and a condition, and the DaemonSet stays', async () => {
    fleet.registry.remove(image);
    await put(action({ 'action-type': 'DELETE', 'image-digest': digestB }));
    assert.equal(await poll(), 1);
    const { kernels, conditions } = await fleet.status();
    assert.equal(kernels[key]?.state, 'ImageMissing');
    assert.equal(conditions.find(({ type }) => type === 'Pullable')?.reason, 'DigestGone');
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(digestB));
  });

  test('poison goes to the dead letters alone, and not back into the queue', async () => {
    await moto.call('sqs', 'SendMessage', { QueueUrl: queue, MessageBody: '{"truncated": ' });
    fleet.registry.put(image, { digest: digestA });
    await put(action({ 'action-type': 'PUSH', 'image-digest': digestA }));
    while ((await poll()) > 0);
    assert.equal(letters.length, 1);
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(digestA));
  });

  test('the same push by an API destination goes through the door into the same queue', async () => {
    const secret = 'the-secret-of-this-test';
    const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
    const now = () => new Date();
    const bus = createSqsBus({ region, credentials: () => keys, now, queues: { 'image-changed': queue } });
    const sender = { source: 'ecr', name: 'main', secrets: [secret], header: 'authorization' } as const;
    const app = httpApp([registryHook([sender], { ignoredTaints: [] }, { bus, logger: fleet.log, now })], fleet.log);
    fleet.registry.put(image, { digest: digestB });
    const said = await callKmm(['events', 'send', '--source', 'ecr', '--image', image], {
      env: { KMM_DOOR_SECRET: secret },
      ports: { fetch: async (url, init) => app.request(String(url), init) },
    });
    assert.equal(said.code, 0, said.stderr);
    assert.equal(await poll(), 1);
    assert.match(JSON.stringify(await fleet.daemonSets()), new RegExp(digestB));
  });
});
