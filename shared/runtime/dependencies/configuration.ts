import { readConfiguration } from '../configuration.ts';
import { once } from '../once.ts';

export const configuration = once(() => readConfiguration(process.env));
