import { createSqsBus } from '../../adapters/sqs/sqs-bus.ts';
import { once } from '../once.ts';
import { aws } from './aws.ts';
import { configuration } from './configuration.ts';

export const bus = once(() => createSqsBus({ ...aws(), queues: configuration().queues }));
