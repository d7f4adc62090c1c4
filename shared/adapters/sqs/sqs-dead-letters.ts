import type { QueuedFunction } from '../../ports/bus.ts';
import { BusError } from '../../ports/bus-error.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import { type SqsOptions, sendMessageBatch } from './call-sqs.ts';

/** SQS takes a body of up to 1 MiB; a poison message is cut to what a person reads. */
const longestBody = 64 * 1024;

/**
 * Poison, put straight into the dead-letter queue of its function with the reason beside it. SQS's own redrive would first
 * deliver it again and again; here that is only what happens when this fails.
 */
export function createSqsDeadLetters(
  options: SqsOptions & { queues: Partial<Record<QueuedFunction, string>> },
): DeadLetters {
  return {
    async put(letters) {
      for (const { to, body, reason } of letters) {
        const url = options.queues[to];
        if (url === undefined) throw new BusError('NO_QUEUE', `SQS: no dead-letter queue is configured for ${to}`);
        const MessageBody = JSON.stringify({ poison: body.slice(0, longestBody), reason });
        await sendMessageBatch(url, [{ Id: '0', MessageBody }], options);
      }
    },
  };
}
