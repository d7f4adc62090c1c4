import * as z from 'zod';
import { BusError } from '../../ports/bus-error.ts';
import { type AwsCredentials, signRequest } from '../aws-signature/sign-request.ts';
import { type Post, post } from './post.ts';

export interface SqsOptions {
  region: string;
  /** Asked for each call: a role's credentials change while the process lives. */
  credentials: () => AwsCredentials;
  now: () => Date;
  post?: Post;
  sleep?: (milliseconds: number) => Promise<void>;
  /** Whole seconds are SQS's own; a call takes some 10 ms. */
  timeoutMilliseconds?: number;
}

export interface Entry {
  Id: string;
  MessageBody: string;
  DelaySeconds?: number;
}

const BatchResult = z.object({
  Failed: z.array(z.object({ Id: z.string(), SenderFault: z.boolean(), Code: z.string() })).nullish(),
});

const pauses = [100, 400] as const;

/**
 * SendMessageBatch, by SQS's JSON protocol. What SQS could not take is sent again, twice; what it refuses as ours is an error
 * at once. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export async function sendMessageBatch(
  queueUrl: string,
  entries: readonly Entry[],
  options: SqsOptions,
): Promise<void> {
  let left = entries;
  let cause: unknown;
  for (const pause of [0, ...pauses]) {
    if (pause > 0) await (options.sleep ?? sleepFor)(pause);
    try {
      left = await send(queueUrl, left, options);
      if (left.length === 0) return;
      cause = undefined;
    } catch (error) {
      if (error instanceof BusError && error.code === 'REFUSED') throw error;
      cause = error;
    }
  }
  throw new BusError(
    'UNAVAILABLE',
    `SQS: ${left.length} of ${entries.length} messages could not be sent to ${queueName(queueUrl)}`,
    { cause },
  );
}

async function send(queueUrl: string, entries: readonly Entry[], options: SqsOptions): Promise<readonly Entry[]> {
  const url = new URL('/', queueUrl);
  const body = JSON.stringify({ QueueUrl: queueUrl, Entries: entries });
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessageBatch' };
  const scope = { region: options.region, service: 'sqs', credentials: options.credentials(), now: options.now() };
  const { host: _, ...signed } = signRequest({ method: 'POST', url, headers, body }, scope);
  const timeoutMilliseconds = options.timeoutMilliseconds ?? 2000;
  const { status, text } = await (options.post ?? post)({ url, headers: signed, body, timeoutMilliseconds });
  if (status !== 200) throw callFailed(status, text, queueUrl);
  return failedEntries(entries, text, queueUrl);
}

function failedEntries(entries: readonly Entry[], text: string, queueUrl: string): readonly Entry[] {
  const result = BatchResult.safeParse(tryJson(text));
  if (!result.success)
    throw new BusError('UNAVAILABLE', `SQS: an answer that is not understood from ${queueName(queueUrl)}`);
  const failed = result.data.Failed ?? [];
  const ours = failed.find(({ SenderFault }) => SenderFault);
  if (ours !== undefined) throw new BusError('REFUSED', `SQS: ${queueName(queueUrl)} refused a message: ${ours.Code}`);
  return entries.filter(({ Id }) => failed.some((entry) => entry.Id === Id));
}

/** 4xx but throttling is ours: a wrong queue, a missing right. The error type is AWS's; the body is not repeated. */
function callFailed(status: number, text: string, queueUrl: string): BusError {
  const parsed = z.object({ __type: z.string().max(200) }).safeParse(tryJson(text));
  const type = parsed.success ? (parsed.data.__type.split('#').at(-1) ?? '') : '';
  const retryable = status >= 500 || status === 429 || /Thrott|TooMany|RequestTimeout/.test(type);
  const what = `SQS: SendMessageBatch to ${queueName(queueUrl)} failed: HTTP ${status} ${type}`.trim();
  return retryable
    ? new BusError('UNAVAILABLE', what)
    : new BusError('REFUSED', `${what}; check the queue's URL and our right to send`);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an answer that is not JSON is judged by its status
  }
}

function queueName(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? url;
}

function sleepFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
