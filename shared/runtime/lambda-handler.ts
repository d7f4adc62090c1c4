import * as z from 'zod';
import type { ChangeOptions } from '../events/changes/change.ts';
import { decodeEvent } from '../events/decode-event.ts';
import { allTriggers } from '../events/decoded.ts';
import type { Outcome } from '../events/outcome.ts';
import { type QueueItem, readQueueBody } from '../events/queue-body.ts';
import { route } from '../events/route.ts';
import type { EventSource } from '../events/sources/source.ts';
import { stampForce } from '../events/stamp-force.ts';
import type { Trigger } from '../events/trigger.ts';
import { parseWith } from '../kmm/parse.ts';
import type { Bus, QueuedFunction } from '../ports/bus.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Logger } from '../ports/logger.ts';
import { type BatchItem, runBatch } from './run-batch.ts';

/** What the shell needs for itself, beside the ports of the function. */
export interface LambdaShell extends ChangeOptions {
  bus: Bus;
  deadLetters: DeadLetters;
  logger: Logger;
  now: () => Date;
}

export interface LambdaFunction<Ports> {
  to: QueuedFunction;
  run: (triggers: Trigger[], ports: Ports) => Promise<Outcome[]>;
  /** Called at the first event, so that a container starts fast and fails where it can be seen. */
  ports: () => Ports | Promise<Ports>;
  shell: () => LambdaShell;
  /** Who may reach it besides ourselves, straight or through its queue. */
  sources?: readonly EventSource[];
}

export interface SqsBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * A function behind a queue (partial batch failures) or called straight by EventBridge. One parameter and no callback:
 * Node 24's runtime refuses others.
 */
export function lambdaHandler<Ports>(
  fn: LambdaFunction<Ports>,
): (event: unknown) => Promise<SqsBatchResponse | undefined> {
  const { sources = [] } = fn;
  return async (event) => {
    const shell = fn.shell();
    const batch = { to: fn.to, run: async (triggers: Trigger[]) => fn.run(triggers, await fn.ports()), ...shell };
    if (!isSqsEvent(event)) return runDirect(event, batch, sources);
    const items = await postpone(readRecords(event, shell, sources), shell);
    const failed = await runBatch(items, batch);
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const SqsEvent = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string().min(1),
        body: z.string(),
        eventSource: z.literal('aws:sqs'),
        /** Milliseconds since 1970; the same each time that the message comes. */
        attributes: z.object({ SentTimestamp: z.coerce.number().optional() }).optional(),
      }),
    )
    .max(10_000),
});

function isSqsEvent(event: unknown): boolean {
  return z.object({ Records: z.array(z.unknown()) }).safeParse(event).success;
}

type Item = BatchItem & Pick<QueueItem, 'notBefore'>;

/** An event that is no SQS event at all throws: that is a wrong event source mapping, not a bad message. */
function readRecords(event: unknown, options: ChangeOptions, sources: readonly EventSource[]): Item[] {
  const { Records } = parseWith(SqsEvent, event, 'SQS event');
  return Records.map(({ messageId, body, attributes }) => {
    const item = readQueueBody(body, options, sources);
    const sentAt = attributes?.SentTimestamp;
    // A person's own message bears no time: without one each delivery of it would be another force.
    const decoded = sentAt === undefined ? item.decoded : stampForce(item.decoded, new Date(sentAt));
    return { id: messageId, body, ...item, decoded };
  });
}

/** A delay beyond the queue's 15 minutes comes in links: what came too early is queued again for the rest of its time. */
async function postpone(items: readonly Item[], { bus, now }: LambdaShell): Promise<Item[]> {
  const seconds = now().getTime() / 1000;
  const early = items.filter(({ notBefore = 0 }) => notBefore > seconds);
  const links = early.flatMap(({ decoded, notBefore = 0 }) =>
    route(allTriggers(decoded), Math.ceil(notBefore - seconds)),
  );
  if (links.length > 0) await bus.publish(links);
  return items.filter((item) => !early.includes(item));
}

/** No queue stands behind a direct event: failing the call is how it comes again (twice, then its dead-letter target). */
async function runDirect(
  event: unknown,
  batch: Parameters<typeof runBatch>[1] & ChangeOptions,
  sources: readonly EventSource[],
): Promise<undefined> {
  const decoded = decodeEvent({ headers: {}, body: event }, batch, sources);
  const failed = await runBatch([{ id: 'event', body: JSON.stringify(event), decoded }], batch);
  if (failed.size > 0) throw new Error(`${batch.to} failed for its event: see the log before this line`);
}
