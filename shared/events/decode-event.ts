import { InvalidInput } from '../kmm/errors.ts';
import type { Decoded } from './decoded.ts';
import type { DecodeOptions, EventSource, IncomingEvent } from './sources/source.ts';

/**
 * Decodes an event that does not say where it comes from (a queue's body, a function's direct event). The sources are an
 * argument, so that a function's bundle holds only those that can reach it.
 */
export function decodeEvent(event: IncomingEvent, options: DecodeOptions, sources: readonly EventSource[]): Decoded[] {
  const source = sources.find((candidate) => candidate.recognise(event));
  if (source === undefined)
    return [{ kind: 'poison', error: new InvalidInput('Event: not of a source that is expected here') }];
  return source.decode(event, options);
}
