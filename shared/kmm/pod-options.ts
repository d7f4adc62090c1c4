import { annotations } from './labels.ts';
import type { PodOptions } from './module-loader-data.ts';

const longestGracePeriod = 86_400;
const defaults = { gracePeriodSeconds: 600, maxUnavailable: '10%' };

/** Reads the Module's annotations that shape its pods. A malformed one counts as absent; lint names it. */
export function podOptions(values: Readonly<Record<string, string>>): PodOptions {
  const shape = values[annotations.loaderShape];
  const gracePeriod = values[annotations.gracePeriod];
  const maxUnavailable = values[annotations.maxUnavailable];
  return {
    ...(isShape(shape) && { shape }),
    gracePeriodSeconds: isGracePeriod(gracePeriod) ? Number(gracePeriod) : defaults.gracePeriodSeconds,
    maxUnavailable: isMaxUnavailable(maxUnavailable) ? maxUnavailable : defaults.maxUnavailable,
  };
}

export function isShape(value: string | undefined): value is 'direct' | 'copy' {
  return value === 'direct' || value === 'copy';
}

export function isGracePeriod(value: string | undefined): value is string {
  return value !== undefined && /^[1-9][0-9]{0,5}$/.test(value) && Number(value) <= longestGracePeriod;
}

/** A number of nodes, or a share of them from 1% to 100%. */
export function isMaxUnavailable(value: string | undefined): value is string {
  return value !== undefined && /^(?:[1-9][0-9]{0,4}|(?:[1-9][0-9]?|100)%)$/.test(value);
}
