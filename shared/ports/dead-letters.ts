import type { QueuedFunction } from './bus.ts';

/** A message that no retry can help: poison, or one that failed too often. */
export interface DeadLetter {
  to: QueuedFunction;
  /** The message as it came. */
  body: string;
  /** Why, in words that hold no secret. */
  reason: string;
}

/** Where poison goes, alone. Rejects when it could not be put there: the message then goes the queue's own way. */
export interface DeadLetters {
  put(letters: readonly DeadLetter[]): Promise<void>;
}
