import { bus } from '../../shared/runtime/dependencies/bus.ts';
import { configuration } from '../../shared/runtime/dependencies/configuration.ts';
import { logger } from '../../shared/runtime/dependencies/logger.ts';
import { secret } from '../../shared/runtime/dependencies/secrets.ts';
import { lambdaDoor } from '../../shared/runtime/lambda-door.ts';
import { clusterHook } from './cluster-hook.ts';

/** The door for the cluster, behind a Function URL. */
export const handler = lambdaDoor(() => {
  const { clusterHookSecrets, ignoredTaints } = configuration();
  const options = { secrets: clusterHookSecrets.map(secret), ignoredTaints, reviewDelaySeconds: 1 };
  return { door: clusterHook(options, { bus: bus(), logger: logger() }), logger: logger() };
});
