import { createEcrRegistry } from '../../adapters/ecr/create-ecr-registry.ts';
import { once } from '../once.ts';
import { now } from './now.ts';

/** Look-ups with our own role, for granted repositories only. AWS's SDK is loaded at the first of them, not before. */
export const ecr = once(() => createEcrRegistry({ now }));
