import { readSecret, type StartedSource, startSources } from '../secrets.ts';
import { parseSources } from '../source-configuration.ts';
import { configuration } from './configuration.ts';
import { keepSecret } from './kept-secrets.ts';
import { keySet } from './key-set.ts';
import { logger } from './logger.ts';

/** The value of a configured secret, which no log line shows from now on. */
export function secret(name: string): string {
  return keepSecret(readSecret(name, process.env));
}

/** The senders that may knock at `registry-hook`; what does not start is said once. */
export function startedSources(): StartedSource[] {
  const { started, refused } = startSources(parseSources(configuration()), { read: secret, keySet });
  for (const source of refused) logger().error('Source not started', source);
  return started;
}
