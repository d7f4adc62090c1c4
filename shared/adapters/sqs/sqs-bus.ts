import { toQueueBody } from '../../events/queue-body.ts';
import type { Bus, Message, QueuedFunction } from '../../ports/bus.ts';
import { BusError } from '../../ports/bus-error.ts';
import { type Entry, type SqsOptions, sendMessageBatch } from './call-sqs.ts';

/** SQS's limits. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const longestDelay = 900;
const batchSize = 10;

/** The bus on SQS: one standard queue for each function. A queue that is not configured fails before anything is sent. */
export function createSqsBus(options: SqsOptions & { queues: Partial<Record<QueuedFunction, string>> }): Bus {
  return {
    async publish(messages) {
      const byQueue = Map.groupBy(messages, ({ to }) => queueOf(to, options.queues));
      for (const [url, group] of byQueue) await sendAll(url, group, options);
    },
  };
}

function queueOf(to: QueuedFunction, queues: Partial<Record<QueuedFunction, string>>): string {
  const url = queues[to];
  if (url === undefined) throw new BusError('NO_QUEUE', `SQS: no queue is configured for ${to}: add it under "queues"`);
  return url;
}

async function sendAll(url: string, messages: readonly Message[], options: SqsOptions): Promise<void> {
  const seconds = options.now().getTime() / 1000;
  for (let at = 0; at < messages.length; at += batchSize) {
    const entries = messages
      .slice(at, at + batchSize)
      .map((message, index) => toEntry(message, String(index), seconds));
    await sendMessageBatch(url, entries, options);
  }
}

/** A longer delay than SQS has travels in the body: whoever receives the message puts it off again. */
function toEntry({ to: _, delaySeconds = 0, ...content }: Message, Id: string, seconds: number): Entry {
  const DelaySeconds = Math.min(Math.ceil(delaySeconds), longestDelay);
  const notBefore = delaySeconds > longestDelay ? Math.ceil(seconds + delaySeconds) : undefined;
  return { Id, MessageBody: toQueueBody(content, notBefore), ...(DelaySeconds > 0 && { DelaySeconds }) };
}
