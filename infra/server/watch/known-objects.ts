import type { Change, ChangeOptions } from '../../../shared/events/changes/change.ts';
import { triggersOf, type WatchedKind } from '../../../shared/events/changes/triggers-of.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import type { Kinds } from '../../../shared/kubernetes/resources.ts';

/** The last that was seen of a kind: what a watch lacks to tell what changed, and what a new list is compared with. */
export interface KnownObjects<K extends WatchedKind> {
  /** A whole list. The first one says nothing: a server that starts resolves everything anyway. */
  replace(objects: readonly Kinds[K][]): Trigger[];
  put(object: Kinds[K]): Trigger[];
  remove(object: Kinds[K]): Trigger[];
}

export function createKnownObjects<K extends WatchedKind>(kind: K, options: ChangeOptions): KnownObjects<K> {
  let known: Map<string, Kinds[K]> | undefined;
  const decide = (before: Kinds[K] | undefined, after: Kinds[K] | undefined): Trigger[] => {
    const change: Change<Kinds[K]> = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return triggersOf(kind, change, options);
  };
  return {
    replace(objects) {
      const [before, now] = [known, new Map(objects.map((object) => [keyOf(object), object]))];
      known = now;
      if (before === undefined) return [];
      const gone = [...before].filter(([key]) => !now.has(key));
      return [
        ...[...now].flatMap(([key, object]) => decide(before.get(key), object)),
        ...gone.flatMap(([, object]) => decide(object, undefined)),
      ];
    },
    put(object) {
      known ??= new Map();
      const before = known.get(keyOf(object));
      known.set(keyOf(object), object);
      return decide(before, object);
    },
    /** By the last state, which the event brings: a loader's last words stand only there. */
    remove(object) {
      known?.delete(keyOf(object));
      return decide(object, undefined);
    },
  };
}

function keyOf({ metadata }: { metadata: { namespace?: string | undefined; name: string } }): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
