import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Bus, Message } from '../../../shared/ports/bus.ts';

/** A bus to try, and what has come out of it at the other end so far. */
export interface BusUnderTest {
  bus: Bus;
  received: () => Promise<Message[]>;
  close: () => Promise<void>;
}

const node = (name: string): Message => ({ to: 'node-changed', trigger: { kind: 'node', name, change: 'changed' } });
const target = { namespace: 'ns', module: 'm', kernelVersion: '6.1.0+rt~1', architecture: 'amd64' };

/** What every Bus promises, whatever carries it. */
export function busContract(name: string, create: () => Promise<BusUnderTest>): void {
  describe(`${name} as a bus`, () => {
    const trial = (what: string, run: (subject: BusUnderTest) => Promise<void>) =>
      test(what, async () => {
        const subject = await create();
        try {
          await run(subject);
        } finally {
          await subject.close();
        }
      });
    const sorted = (messages: readonly Message[]) => messages.map((message) => JSON.stringify(message)).sort();

    trial('delivers every message whole, in whatever order', async ({ bus, received }) => {
      const messages: Message[] = [
        node('a'),
        {
          to: 're-resolve',
          trigger: {
            kind: 'resolve',
            scope: { node: 'ü', kernelVersion: target.kernelVersion },
            cause: 'retry',
            attempt: 2,
          },
        },
        { to: 'inspect-image', inspect: { target, digest: `sha256:${'a'.repeat(64)}` } },
        { to: 'sign-image', sign: { target, kind: 'sign', inputs: 'i' } },
      ];
      await bus.publish(messages);
      assert.deepEqual(sorted(await received()), sorted(messages));
    });

    trial('takes none, and more than a batch', async ({ bus, received }) => {
      await bus.publish([]);
      const many = Array.from({ length: 2345 }, (_, index) => node(`n${index}`));
      await bus.publish(many);
      assert.deepEqual(sorted(await received()), sorted(many));
    });

    trial('keeps a message as it was when it was published', async ({ bus, received }) => {
      const messages = [node('before')];
      await bus.publish(messages);
      Object.assign(messages[0] ?? {}, node('after'));
      assert.deepEqual(await received(), [node('before')]);
    });
  });
}
