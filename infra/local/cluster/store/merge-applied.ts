import { isCore, isKeyedList, itemKey, mergeKeysOf } from './field-paths.ts';
import { isRecord, type StoredObject } from './object.ts';

/** The applied value laid over the live one: objects and keyed lists merge, everything else is replaced. */
export function mergeApplied(live: StoredObject, applied: StoredObject): StoredObject {
  const core = isCore(live);
  const fields = Object.entries(applied).filter(([field]) => field !== 'metadata');
  const merged = fields.map(([field, value]) => [field, merge(live[field], value, core ? field : '')] as const);
  const { name: _name, namespace: _namespace, uid: _uid, resourceVersion: _version, ...own } = applied.metadata;
  const metadata = { ...live.metadata };
  for (const [field, value] of Object.entries(own)) metadata[field] = merge(metadata[field], value, field);
  return { ...live, ...Object.fromEntries(merged), metadata };

  function merge(current: unknown, next: unknown, field: string): unknown {
    const keys = mergeKeysOf(field);
    if (isRecord(current) && isRecord(next)) {
      const entries = Object.entries(next).map(([name, value]) => [
        name,
        merge(current[name], value, core ? name : ''),
      ]);
      return { ...current, ...Object.fromEntries(entries) };
    }
    if (!keys || !isKeyedList(current, keys) || !isKeyedList(next, keys)) return next;
    const standing = new Map(current.map((item) => [itemKey(item, keys), item]));
    const laid = next.map((item) => merge(standing.get(itemKey(item, keys)), item, ''));
    const named = new Set(next.map((item) => itemKey(item, keys)));
    return [...laid, ...current.filter((item) => !named.has(itemKey(item, keys)))];
  }
}
