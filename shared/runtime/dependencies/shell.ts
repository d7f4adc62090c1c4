import type { LambdaShell } from '../lambda-handler.ts';
import { once } from '../once.ts';
import { bus } from './bus.ts';
import { configuration } from './configuration.ts';
import { deadLetters } from './dead-letters.ts';
import { logger } from './logger.ts';
import { now } from './now.ts';

/** What the Lambda shell of every queued function needs. */
export const shell = once(
  (): LambdaShell => ({
    bus: bus(),
    deadLetters: deadLetters(),
    logger: logger(),
    now,
    ignoredTaints: configuration().ignoredTaints,
  }),
);
