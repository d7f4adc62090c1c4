import type { Bus, Message } from '../../shared/ports/bus.ts';

export interface FakeBus extends Bus {
  /** Everything that was published, in order. */
  readonly published: Message[];
  /** The next publish rejects with this. */
  failNext(error: Error): void;
  /** The next publish takes so long. */
  delayNext(milliseconds: number): void;
}

/** A Bus that keeps what it is given. */
export function createFakeBus(): FakeBus {
  const published: Message[] = [];
  let failure: Error | undefined;
  let delay = 0;
  return {
    published,
    failNext: (error) => {
      failure = error;
    },
    delayNext: (milliseconds) => {
      delay = milliseconds;
    },
    async publish(messages) {
      const [error, wait] = [failure, delay];
      failure = undefined;
      delay = 0;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      if (error !== undefined) throw error;
      published.push(...structuredClone(messages));
    },
  };
}
