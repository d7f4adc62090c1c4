import { createSqsDeadLetters } from '../../adapters/sqs/sqs-dead-letters.ts';
import { once } from '../once.ts';
import { aws } from './aws.ts';
import { configuration } from './configuration.ts';

export const deadLetters = once(() => createSqsDeadLetters({ ...aws(), queues: configuration().deadLetterQueues }));
