import { bus } from '../../shared/runtime/dependencies/bus.ts';
import { configuration } from '../../shared/runtime/dependencies/configuration.ts';
import { logger } from '../../shared/runtime/dependencies/logger.ts';
import { now } from '../../shared/runtime/dependencies/now.ts';
import { startedSources } from '../../shared/runtime/dependencies/secrets.ts';
import { lambdaDoor } from '../../shared/runtime/lambda-door.ts';
import { registryHook } from './registry-hook.ts';

/** The door for registries, behind a Function URL. */
export const handler = lambdaDoor(() => {
  const { ignoredTaints } = configuration();
  const ports = { bus: bus(), logger: logger(), now };
  return { door: registryHook(startedSources(), { ignoredTaints }, ports), logger: logger() };
});
