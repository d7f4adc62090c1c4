import { createJsonLogger } from '../../adapters/logger/json-logger.ts';
import { once } from '../once.ts';
import { configuration } from './configuration.ts';
import { keptSecrets } from './kept-secrets.ts';
import { now } from './now.ts';

export const logger = once(() =>
  createJsonLogger({
    level: configuration().logLevel,
    now,
    write: (line) => process.stdout.write(line),
    secrets: keptSecrets,
    fields: { cluster: configuration().clusterName },
  }),
);
