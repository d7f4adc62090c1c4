import { InvalidInput } from '../kmm/errors.ts';
import type { Trigger } from './trigger.ts';

/**
 * What one item of an event came down to. A batch gives one of these for each item, so that poison stays alone. `delivery` is
 * its sender's own name for the item, so that a replay can be told from news.
 */
export type Decoded =
  | { kind: 'triggers'; triggers: Trigger[]; delivery?: string }
  | { kind: 'ignored'; why: string }
  | { kind: 'poison'; error: InvalidInput };

export function ignored(why: string): Decoded {
  return { kind: 'ignored', why };
}

export function triggers(...found: Trigger[]): Decoded {
  return { kind: 'triggers', triggers: found };
}

/** Adds what its sender calls this item, where it says so: the same again is a replay. */
export function delivered(decoded: Decoded, delivery: string | undefined): Decoded {
  return decoded.kind === 'triggers' && delivery ? { ...decoded, delivery } : decoded;
}

/** Runs a decoder on one item: input that it can't understand becomes poison; any other error is a bug and goes on. */
export function decodeItem(decode: () => Decoded): Decoded {
  try {
    return decode();
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'poison', error };
    throw error;
  }
}

/** All triggers of a batch, in order. */
export function allTriggers(decoded: readonly Decoded[]): Trigger[] {
  return decoded.flatMap((item) => (item.kind === 'triggers' ? item.triggers : []));
}
