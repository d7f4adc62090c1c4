import type { IncomingEvent } from '../../../shared/events/sources/source.ts';
import { isSourceName, type SourceName, sources } from '../../../shared/events/sources/sources.ts';
import { UsageError } from '../errors.ts';

const names = Object.keys(sources).filter(isSourceName);

/** The source that was named, or else the one that recognises the event. */
export function findSource(name: string | undefined, event: IncomingEvent): { source: SourceName; note?: string } {
  const seen = names.find((candidate) => sources[candidate].recognise(event));
  if (name === undefined) {
    if (seen !== undefined) return { source: seen };
    throw new UsageError(`No source recognises this event: name one with --source (${names.join(', ')}).`);
  }
  if (!isSourceName(name)) throw new UsageError(`There is no source "${name}"; there are ${names.join(', ')}.`);
  if (sources[name].recognise(event)) return { source: name };
  const like = seen === undefined ? 'nor like one of any other source' : `but like one of ${seen}`;
  return { source: name, note: `this does not look like an event of ${name}, ${like}` };
}
