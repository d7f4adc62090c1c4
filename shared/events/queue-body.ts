import * as z from 'zod';
import { InvalidInput } from '../kmm/errors.ts';
import { parseJson, parseWith } from '../kmm/parse.ts';
import { type Decoded, decodeItem, triggers } from './decoded.ts';
import type { DecodeOptions } from './sources/source.ts';
import { decodeEvent, type SourceName } from './sources/sources.ts';
import type { Trigger } from './trigger.ts';
import { TriggerSchema } from './trigger-schema.ts';

/** What may stand in a queue besides our own messages. Reviews never: a queue is fed by us, by AWS, or by people. */
const queuedSources: readonly SourceName[] = ['ecr', 'own-event', 'schedule', 'manual'];

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

/** Reads what a queue brings: a message of ours, or an event as its sender wrote it. Never throws: that is poison. */
export function readQueueBody(text: string, options: DecodeOptions): QueueItem {
  const json = parsed(text);
  if ('error' in json) return { decoded: [{ kind: 'poison', error: json.error }] };
  const own = OwnEnvelope.safeParse(json.body);
  if (!own.success) return { decoded: decodeEvent({ headers: {}, body: json.body }, options, queuedSources) };
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
