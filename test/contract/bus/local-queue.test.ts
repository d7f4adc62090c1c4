import { type Consumer, createLocalQueue } from '../../../infra/local/queue/local-queue.ts';
import { type Message, queuedFunctions } from '../../../shared/ports/bus.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';
import { busContract } from './bus-contract.ts';

busContract('the local queue', async () => {
  const messages: Message[] = [];
  const consumer: Consumer = async (batch) => {
    messages.push(...batch);
    return batch.map(() => ({ kind: 'done' }));
  };
  const queue = createLocalQueue({
    consumers: () => Object.fromEntries(queuedFunctions.map((name) => [name, consumer])),
    logger: createFakeLogger(),
    windowMilliseconds: 1,
  });
  const received = async () => {
    await queue.idle();
    return messages;
  };
  return { bus: queue, received, close: async () => void (await queue.close()) };
});

busContract('the fake bus', async () => {
  const bus = createFakeBus();
  return { bus, received: async () => bus.published, close: () => Promise.resolve() };
});
