import { randomBytes } from 'node:crypto';
import type { Secrets } from '../../kubernetes/installation.ts';
import { UsageError } from '../errors.ts';

/** What may stand in a path as it is, and is long enough that nobody guesses it. */
const usable = /^[A-Za-z0-9_-]{16,128}$/;

/**
 * The secrets of an installation, from the environment (arguments are seen by every process of a machine), made anew where
 * they are not given. `rotate`: the one that is given stays valid beside a new one.
 */
export function toSecrets(
  env: Readonly<Record<string, string | undefined>>,
  rotate: boolean,
  make = () => randomBytes(24).toString('base64url'),
): Secrets {
  const [hook, door] = ['KMM_HOOK_SECRET', 'KMM_DOOR_SECRET'].map((name) => read(name, env[name]));
  if (!rotate) return { hook: hook ?? make(), door: door ?? make() };
  if (hook === undefined) {
    throw new UsageError(
      '--rotate needs KMM_HOOK_SECRET: the secret that the hooks bear now, which stays valid meanwhile.',
    );
  }
  return { hook: make(), previousHook: hook, door: door ?? make() };
}

function read(name: string, value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (usable.test(value)) return value;
  throw new UsageError(`${name} must have 16 to 128 letters, digits, "-" or "_", for it stands in a path.`);
}
