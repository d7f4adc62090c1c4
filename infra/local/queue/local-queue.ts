import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Bus, Message, QueuedFunction } from '../../../shared/ports/bus.ts';
import type { Logger } from '../../../shared/ports/logger.ts';
import { createLane, type Lane } from './lane.ts';

/** A function as a queue sees it: a batch of messages in, one outcome for each. */
export type Consumer = (messages: Message[]) => Promise<Outcome[]>;

export type Consumers = Partial<Record<QueuedFunction, Consumer>>;

export interface QueueOptions {
  /** Made with the queue itself, onto which functions publish what follows. */
  consumers: (bus: Bus) => Consumers;
  logger: Logger;
  /** How long a batch waits for more. */
  windowMilliseconds?: number;
  batchSize?: number;
  /** After so many tries a message is dead. */
  maxReceiveCount?: number;
  /** Before the second try; doubled for each one after it. */
  backoffMilliseconds?: number;
}

/** A message that failed too often, or that nobody takes. */
export interface DeadMessage {
  id: string;
  message: Message;
  reason: string;
  receiveCount: number;
}

/**
 * The queues of one process: for each function one lane with batches, delays, retries and dead letters. At least once while
 * the process lives; what dies with it is found again by the resolve that a server starts with.
 */
export interface LocalQueue extends Bus {
  /** Resolves when nothing runs and nothing is due within the horizon; messages delayed for longer don't count. */
  idle(horizonMilliseconds?: number): Promise<void>;
  deadLetters(): DeadMessage[];
  /** Gives dead messages another life: one, or all. Returns how many. */
  redrive(id?: string): number;
  /** Runs what is due or nearly so (a second), then stops; returns what was delayed for longer. */
  close(): Promise<Message[]>;
}

export function createLocalQueue(options: QueueOptions): LocalQueue {
  const lanes = new Map<QueuedFunction, Lane>();
  const dead: DeadMessage[] = [];
  const laneOf = (to: QueuedFunction): Lane => {
    const lane = lanes.get(to) ?? createLane(to, consumers[to], options, (letter) => dead.push(letter));
    lanes.set(to, lane);
    return lane;
  };
  /** Lanes feed each other: again until a look finds all of them quiet. */
  const settle = async (horizon: number): Promise<void> => {
    while ([...lanes.values()].some((lane) => lane.isBusy(horizon))) {
      await Promise.all([...lanes.values()].map((lane) => lane.quiet(horizon)));
    }
  };
  const queue: LocalQueue = {
    // A copy, as over a wire: nobody can change a message that is on its way.
    publish: async (messages) => {
      for (const message of structuredClone(messages)) laneOf(message.to).push(message);
    },
    idle: (horizon = 2000) => settle(horizon),
    deadLetters: () => [...dead],
    redrive: (id) => {
      const again = dead.filter((letter) => id === undefined || letter.id === id);
      for (const letter of again) {
        dead.splice(dead.indexOf(letter), 1);
        laneOf(letter.message.to).push({ ...letter.message, delaySeconds: 0 });
      }
      return again.length;
    },
    close: async () => {
      await settle(1000);
      return [...lanes.values()].flatMap((lane) => lane.close());
    },
  };
  const consumers = options.consumers(queue);
  return queue;
}
