import { createHash } from 'node:crypto';
import { isRecord } from '../store/object.ts';

/** The `controller-revision-hash` of a pod template: equal templates, whatever the order of their keys, hash alike. */
export function templateHash(template: unknown): string {
  return createHash('sha256').update(JSON.stringify(template, sortedKeys)).digest('hex').slice(0, 10);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
