import * as z from 'zod';
import type { IncomingEvent } from '../../../shared/events/sources/source.ts';
import { parseJson } from '../../../shared/kmm/parse.ts';
import { UsageError } from '../errors.ts';
import { readSources } from '../input/read-sources.ts';
import type { Io } from '../io.ts';

/** A request as it was recorded; the body as text, or as the JSON that it was. */
const Recording = z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() });

/** The event in a file: a body, or a recorded request. `headers`, as "Name: value", come on top of recorded ones. */
export async function readEvent(file: string, headers: readonly string[], io: Io): Promise<IncomingEvent> {
  const content = parseJson(await readText(file, io), file === '-' ? 'standard input' : file);
  const recording = Recording.safeParse(content);
  const recorded = recording.success ? recording.data : { headers: {}, body: content };
  const { body } = recorded;
  return {
    headers: { ...lowerCase(Object.entries(recorded.headers)), ...lowerCase(headers.map(parseHeader)) },
    body: typeof body === 'string' ? parseJson(body, `${file}: body`) : body,
  };
}

async function readText(file: string, io: Io): Promise<string> {
  for await (const { text } of readSources([file], false, io)) return text;
  throw new UsageError(`${file} holds no event: name the file of a request's body.`);
}

function parseHeader(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  throw new UsageError('A header is written as "Name: value".');
}

function lowerCase(headers: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}
