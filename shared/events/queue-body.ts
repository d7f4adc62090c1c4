import * as z from 'zod';
import { InvalidInput } from '../kmm/errors.ts';
import { parseJson, parseWith } from '../kmm/parse.ts';
import { decodeEvent } from './decode-event.ts';
import { type Decoded, decodeItem, triggers } from './decoded.ts';
import type { DecodeOptions, EventSource } from './sources/source.ts';
import type { Trigger } from './trigger.ts';
import { TriggerSchema } from './trigger-schema.ts';

/** The body of a queue's message. `notBefore` (seconds since 1970) when the delay is longer than the queue can do. */
export function toQueueBody(
  content: { trigger: Trigger } | { inspect: unknown } | { sign: unknown },
  notBefore?: number,
): string {
  return JSON.stringify({ ...content, ...(notBefore !== undefined && { notBefore }) });
}

/** What one message of a queue holds: several items when somebody queued a batch. */
export interface QueueItem {
  decoded: Decoded[];
  notBefore?: number;
}

/**
 * Reads what a queue brings: a message of ours, or an event as one of these senders wrote it. Never throws: that is poison.
 * Reviews are never among them: a queue is fed by us, by AWS, or by people.
 */
export function readQueueBody(text: string, options: DecodeOptions, sources: readonly EventSource[] = []): QueueItem {
  const json = parsed(text);
  if ('error' in json) return { decoded: [{ kind: 'poison', error: json.error }] };
  const own = OwnEnvelope.safeParse(json.body);
  if (!own.success) return { decoded: decodeEvent({ headers: {}, body: json.body }, options, sources) };
  const { trigger, ...delay } = own.data;
  return { decoded: [decodeItem(() => triggers(parseWith(TriggerSchema, trigger, 'Queue message')))], ...delay };
}

const OwnEnvelope = z.object({ trigger: z.looseObject({}), notBefore: z.number().exactOptional() });

function parsed(text: string): { body: unknown } | { error: InvalidInput } {
  try {
    return { body: parseJson(text, 'Queue message') };
  } catch (error) {
    if (error instanceof InvalidInput) return { error };
    throw error;
  }
}
