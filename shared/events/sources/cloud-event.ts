import { Buffer } from 'node:buffer';
import { HTTP } from 'cloudevents';
import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseJson, parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered } from '../decoded.ts';
import type { IncomingEvent } from './source.ts';

/** What we read of a CloudEvent, in whichever mode it came. */
export interface Envelope {
  id: string;
  type: string;
  source: string;
  extensions: Readonly<Record<string, unknown>>;
  data: unknown;
}

const structuredType = 'application/cloudevents+json';
const batchType = 'application/cloudevents-batch+json';

/**
 * The attributes, before the SDK sees them: it invents an id and a time where they are missing, and takes any version.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#required-attributes
 */
const Attributes = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(256),
  source: z.string().min(1).max(2048),
  type: z.string().min(1).max(256),
  subject: z.string().min(1).max(1024).optional(),
  time: z.iso.datetime({ offset: true }).optional(),
  datacontenttype: z.string().max(256).optional(),
});
const StructuredEvent = Attributes.extend({ data: z.unknown().optional(), data_base64: z.base64().optional() }).loose();

/** The `type` of each event in a message, as far as it can be seen without trusting anything; none: not a CloudEvent. */
export function cloudEventTypes(event: IncomingEvent): string[] {
  const binary = event.headers['ce-type'];
  if (binary !== undefined) return [binary];
  const elements = Array.isArray(event.body) ? event.body : [event.body];
  return elements.flatMap((element) => {
    const seen = z.object({ specversion: z.string(), type: z.string() }).safeParse(element);
    return seen.success ? [seen.data.type] : [];
  });
}

/** Decodes each event of a message by itself. Source and id together name an event, says the specification: so a replay is one. */
export function decodeCloudEvents(event: IncomingEvent, decode: (envelope: Envelope) => Decoded): Decoded[] {
  return readCloudEvents(event).map((read) =>
    decodeItem(() => {
      const envelope = read();
      return delivered(decode(envelope), `${envelope.source} ${envelope.id}`);
    }),
  );
}

/** The events of a message in binary, structured or batch mode, each a thunk that throws InvalidInput for itself alone. */
export function readCloudEvents(event: IncomingEvent): (() => Envelope)[] {
  const contentType = mediaType(event.headers['content-type']);
  if (event.headers['ce-specversion'] !== undefined && contentType !== structuredType && contentType !== batchType) {
    return [() => fromBinary(event)];
  }
  const elements = Array.isArray(event.body) ? event.body : [event.body];
  return elements.map((element) => () => fromStructured(element));
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode */
function fromBinary({ headers, body }: IncomingEvent): Envelope {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  parseWith(Attributes, Object.fromEntries(attributes.map(([name, value]) => [name.slice(3), value])), 'CloudEvent');
  // An extension may be empty (a node's namespace is); the SDK is given the body as parsed already.
  return toEnvelope({ ...Object.fromEntries(attributes), 'content-type': 'application/json' }, body);
}

function fromStructured(element: unknown): Envelope {
  const { data_base64, ...event } = parseWith(StructuredEvent, element, 'CloudEvent');
  const data =
    data_base64 === undefined
      ? event.data
      : parseJson(Buffer.from(data_base64, 'base64').toString(), 'CloudEvent data');
  return toEnvelope({ 'content-type': structuredType }, { ...event, data });
}

function toEnvelope(headers: Record<string, string>, body: unknown): Envelope {
  let parsed: ReturnType<typeof HTTP.toEvent>;
  try {
    parsed = HTTP.toEvent({ headers, body });
  } catch (cause) {
    throw new InvalidInput('CloudEvent: the envelope is not understood', '', { cause });
  }
  if (Array.isArray(parsed)) throw new InvalidInput('CloudEvent: a batch within an event');
  const { id, type, source, data, ...extensions } = parsed;
  return { id, type, source, data, extensions };
}

function mediaType(contentType = ''): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}
