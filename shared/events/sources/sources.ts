import { InvalidInput } from '../../kmm/errors.ts';
import type { Decoded } from '../decoded.ts';
import { admissionReview } from './admission-review.ts';
import { distribution } from './distribution.ts';
import { ecr } from './ecr.ts';
import { knativeApiServer } from './knative-api-server.ts';
import { manual } from './manual.ts';
import { ownEvent } from './own-event.ts';
import { schedule } from './schedule.ts';
import type { DecodeOptions, EventSource, IncomingEvent } from './source.ts';

/** Every source of events, one line each. No event is of two sources (tested with every recorded sample). */
export const sources = {
  'admission-review': admissionReview,
  'own-event': ownEvent,
  'knative-api-server': knativeApiServer,
  distribution,
  ecr,
  schedule,
  manual,
} as const satisfies Record<string, EventSource>;

export type SourceName = keyof typeof sources;

export function isSourceName(name: string): name is SourceName {
  return Object.hasOwn(sources, name);
}

/** Decodes an event that does not say where it comes from (a queue's body, a function's direct event). */
export function decodeEvent(
  event: IncomingEvent,
  options: DecodeOptions,
  among: readonly SourceName[] = allNames,
): Decoded[] {
  const name = among.find((candidate) => sources[candidate].recognise(event));
  if (name === undefined)
    return [{ kind: 'poison', error: new InvalidInput(`Event: not of a known source (${among.join(', ')})`) }];
  return sources[name].decode(event, options);
}

const allNames = Object.keys(sources).filter(isSourceName);
