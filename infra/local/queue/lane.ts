import { randomUUID } from 'node:crypto';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Message, QueuedFunction } from '../../../shared/ports/bus.ts';
import type { Consumer, DeadMessage, QueueOptions } from './local-queue.ts';

/** The queue of one function. Batches run one after the other, so that a function never races itself in one process. */
export interface Lane {
  push(message: Message): void;
  isBusy(horizonMilliseconds: number): boolean;
  quiet(horizonMilliseconds: number): Promise<void>;
  /** Stops; returns what has not run. */
  close(): Message[];
}

interface Waiting {
  id: string;
  message: Message;
  dueAt: number;
  receiveCount: number;
}

/** What a timer takes; a message that is due later is looked at then and waits again. */
const longestTimer = 2 ** 31 - 1;

export function createLane(
  to: QueuedFunction,
  consumer: Consumer | undefined,
  options: QueueOptions,
  bury: (letter: DeadMessage) => void,
): Lane {
  const { windowMilliseconds = 20, batchSize = 1000 } = options;
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | undefined;
  let listeners: (() => void)[] = [];

  /** The window opens with the first message that is due and never moves: a steady stream must not put its batch off. */
  const schedule = (dueAt: number): void => {
    const now = performance.now();
    const at = Math.max(dueAt, now + windowMilliseconds);
    if (running !== undefined || timerAt <= at) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(
      () => {
        timerAt = Number.POSITIVE_INFINITY;
        running = run().finally(ended);
      },
      Math.min(at - now, longestTimer),
    );
  };
  const ended = (): void => {
    running = undefined;
    const first = waiting.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), Number.POSITIVE_INFINITY);
    if (first !== Number.POSITIVE_INFINITY) schedule(first);
    const woken = listeners;
    listeners = [];
    for (const wake of woken) wake();
  };
  const run = async (): Promise<void> => {
    const now = performance.now();
    const batch = waiting.filter(({ dueAt }) => dueAt <= now).slice(0, batchSize);
    waiting = waiting.filter((item) => !batch.includes(item));
    for (const [item, outcome] of await deliver(batch, to, consumer)) {
      if (outcome.kind === 'failed') fail({ ...item, receiveCount: item.receiveCount + 1 }, outcome.error);
    }
  };
  const fail = (item: Waiting, error: Error): void => {
    const { maxReceiveCount = 3, backoffMilliseconds = 200, logger } = options;
    const isLast = consumer === undefined || item.receiveCount >= maxReceiveCount;
    logger.warn(isLast ? 'Message failed for the last time' : 'Message failed, it comes again', {
      function: to,
      error,
    });
    if (isLast) bury({ id: item.id, message: item.message, reason: error.message, receiveCount: item.receiveCount });
    else waiting.push({ ...item, dueAt: performance.now() + backoffMilliseconds * 2 ** (item.receiveCount - 1) });
  };
  const isBusy = (horizon: number): boolean =>
    running !== undefined || waiting.some(({ dueAt }) => dueAt <= performance.now() + horizon);

  return {
    push: (message) => {
      const dueAt = performance.now() + (message.delaySeconds ?? 0) * 1000;
      waiting.push({ id: randomUUID(), message, dueAt, receiveCount: 0 });
      schedule(dueAt);
    },
    isBusy,
    quiet: async (horizon) => {
      while (isBusy(horizon)) await new Promise<void>((resolve) => listeners.push(resolve));
    },
    close: () => {
      clearTimeout(timer);
      const left = waiting.map(({ message }) => message);
      waiting = [];
      return left;
    },
  };
}

/** One outcome for each message, whatever the consumer does. */
async function deliver(
  batch: Waiting[],
  to: QueuedFunction,
  consumer: Consumer | undefined,
): Promise<[Waiting, Outcome][]> {
  if (batch.length === 0) return [];
  const consume = consumer ?? (() => Promise.reject(new Error(`no function ${to} is configured here`)));
  try {
    const outcomes = await consume(batch.map(({ message }) => message));
    const missing: Outcome = { kind: 'failed', error: new Error(`${to} gave no outcome for a message`) };
    return batch.map((item, index) => [item, outcomes[index] ?? missing]);
  } catch (error) {
    const failed: Outcome = { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    return batch.map((item) => [item, failed]);
  }
}
