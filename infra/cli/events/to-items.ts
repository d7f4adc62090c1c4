import type { Decoded } from '../../../shared/events/decoded.ts';
import { routes } from '../../../shared/events/route.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';

/** What one item of an event came down to, as it is shown. */
export type EventItem =
  | { outcome: 'trigger'; wakes: string; trigger: Trigger }
  | { outcome: 'ignored' | 'poison'; why: string };

export function toItems(decoded: readonly Decoded[]): EventItem[] {
  return decoded.flatMap(itemsOf);
}

function itemsOf(item: Decoded): EventItem[] {
  switch (item.kind) {
    case 'triggers':
      return item.triggers.map((trigger) => ({ outcome: 'trigger', wakes: routes[trigger.kind], trigger }));
    case 'ignored':
      return [{ outcome: 'ignored', why: item.why }];
    case 'poison':
      return [{ outcome: 'poison', why: item.error.message }];
  }
}
