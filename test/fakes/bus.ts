import type { Bus, Message } from '../../shared/ports/bus.ts';

export interface FakeBus extends Bus {
  /** Everything that was published, in order. */
  readonly published: Message[];
  /** The next publish rejects with this. */
  failNext(error: Error): void;
  /** The next publish never ends. */
  hangNext(): void;
}

/** A Bus that keeps what it is given. */
export function createFakeBus(): FakeBus {
  const published: Message[] = [];
  let failure: Error | undefined;
  let hangs = false;
  return {
    published,
    failNext: (error) => {
      failure = error;
    },
    hangNext: () => {
      hangs = true;
    },
    async publish(messages) {
      const [error, isHanging] = [failure, hangs];
      failure = undefined;
      hangs = false;
      if (isHanging) await new Promise(() => undefined);
      if (error !== undefined) throw error;
      published.push(...structuredClone(messages));
    },
  };
}
