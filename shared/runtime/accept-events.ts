import { allTriggers, type Decoded } from '../events/decoded.ts';
import { route } from '../events/route.ts';
import type { EventSource } from '../events/sources/source.ts';
import type { Bus } from '../ports/bus.ts';
import type { Logger } from '../ports/logger.ts';
import type { DoorAnswer } from './door.ts';
import { within } from './within.ts';

export interface DoorPorts {
  bus: Bus;
  logger: Logger;
}

/** Below the patience of every sender that we know. */
const publishMilliseconds = 5000;

/**
 * Queues what a verified sender told. 202 means "queued, or nothing to do"; 503 "send it again"; 400, where the source wants
 * to be told, "there was poison": the rest of its batch is queued all the same.
 */
export async function acceptEvents(
  decoded: readonly Decoded[],
  { bus, logger }: DoorPorts,
  { from, poison }: { from: string } & Pick<EventSource, 'poison'>,
): Promise<DoorAnswer> {
  const messages = route(allTriggers(decoded));
  try {
    if (messages.length > 0 && (await within(bus.publish(messages), publishMilliseconds)) === 'late') {
      throw new Error(`the queue did not answer within ${publishMilliseconds} ms`);
    }
  } catch (error) {
    logger.error('Events could not be queued', { from, count: messages.length, error });
    return { status: 503, body: { message: 'not queued, send it again' } };
  }
  return answer(decoded, messages.length, { logger, from, poison });
}

function answer(
  decoded: readonly Decoded[],
  queued: number,
  { logger, from, poison }: { logger: Logger; from: string } & Pick<EventSource, 'poison'>,
): DoorAnswer {
  const poisoned = decoded.flatMap((item) => (item.kind === 'poison' ? [item.error.message] : []));
  const why = decoded.flatMap((item) => (item.kind === 'ignored' ? [item.why] : []));
  for (const reason of poisoned) logger.error('Poison event', { from, reason });
  logger.info('Events received', { from, queued, ...(why.length > 0 && { ignored: [...new Set(why)] }) });
  const body = { queued, ignored: why.length, poison: poisoned };
  return { status: poisoned.length > 0 && poison === 'refuse' ? 400 : 202, body };
}
