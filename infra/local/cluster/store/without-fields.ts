import { isKeyedList, itemKey, mergeKeysOf, type Segment } from './field-paths.ts';
import { isRecord, type StoredObject } from './object.ts';

/**
 * Takes fields away, and objects and lists that are left empty by that. An item of a keyed list goes with its key, and
 * its key goes last, the inner one first: an item that still holds somebody's field stays.
 */
export function withoutFields(object: StoredObject, paths: readonly string[]): StoredObject {
  const parsed = paths.map((path): Segment[] => JSON.parse(path));
  const { apiVersion, kind } = object;
  let left: Record<string, unknown> = object;
  for (const path of parsed.toSorted(keysLast)) {
    const rest = without(left, path, '');
    if (isRecord(rest)) left = rest;
  }
  const metadata = isRecord(left['metadata']) ? left['metadata'] : {};
  return { ...left, apiVersion, kind, metadata: { ...metadata, name: object.metadata.name } };
}

function without(value: unknown, [segment, ...rest]: Segment[], field: string): unknown {
  if (segment === undefined) return undefined;
  if (typeof segment === 'string') return isRecord(value) ? withoutField(value, segment, rest) : value;
  const keys = mergeKeysOf(field);
  if (!keys || !isKeyedList(value, keys)) return value;
  const items = value.map((item) => (itemKey(item, keys) === segment[0] ? withoutInItem(item, rest, keys) : item));
  const kept = items.filter((item) => item !== undefined);
  return kept.length > 0 ? kept : undefined;
}

function withoutInItem(item: Record<string, unknown>, path: Segment[], keys: readonly string[]): unknown {
  const [field] = path;
  if (path.length !== 1 || typeof field !== 'string' || !keys.includes(field)) return without(item, path, '');
  return Object.keys(item).every((name) => keys.includes(name)) ? undefined : item;
}

function withoutField(value: Record<string, unknown>, field: string, rest: Segment[]): unknown {
  if (!(field in value)) return value;
  const { [field]: child, ...others } = value;
  const left = without(child, rest, field);
  const result = left === undefined ? others : { ...value, [field]: left };
  return Object.keys(result).length > 0 ? result : undefined;
}

/** Keys after everything else, and those of inner items before those of the items that hold them. */
function keysLast(a: Segment[], b: Segment[]): number {
  return Number(isItemKey(a)) - Number(isItemKey(b)) || b.length - a.length;
}

function isItemKey(path: Segment[]): boolean {
  const [list, item, field] = path.slice(-3);
  return Array.isArray(item) && typeof field === 'string' && Boolean(mergeKeysOf(list)?.includes(field));
}
