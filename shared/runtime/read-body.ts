import type { Decoded } from '../events/decoded.ts';
import { InvalidInput } from '../kmm/errors.ts';
import { parseJson } from '../kmm/parse.ts';

/** The JSON of a body, or poison; a body that can't be read is the event's fault, never ours. */
export function readBody(body: Uint8Array): { kind: 'body'; body: unknown } | Extract<Decoded, { kind: 'poison' }> {
  try {
    return { kind: 'body', body: parseJson(new TextDecoder().decode(body), 'Event') };
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'poison', error };
    throw error;
  }
}
