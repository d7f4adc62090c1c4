import { isRecord, type StoredObject } from './object.ts';

/** A field's name, or the key values of an item in a list that merges by key. */
export type Segment = string | [key: string];

// Lists of core types that merge by key; all others are replaced as one value.
// https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
const mergeKeys: Record<string, readonly string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  ports: ['containerPort', 'protocol'],
  imagePullSecrets: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
};

const identity = new Set(['apiVersion', 'kind']);
const systemMetadata = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
]);

/** Every field that a manager can own, as path → value. A custom resource's own lists are single values. */
export function leaves(object: StoredObject): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const core = isCore(object);
  for (const [field, value] of Object.entries(object)) {
    if (field === 'metadata') {
      const own = Object.entries(object.metadata).filter(([name]) => !systemMetadata.has(name));
      for (const [name, item] of own) collect(item, [field, name], found, true);
    } else if (!identity.has(field)) collect(value, [field], found, core);
  }
  return found;
}

function collect(value: unknown, path: Segment[], found: Map<string, unknown>, core: boolean): void {
  const children = childrenOf(value, core ? mergeKeysOf(path.at(-1)) : undefined);
  if (value === undefined) return;
  if (children === undefined || children.length === 0) found.set(JSON.stringify(path), value);
  else for (const [segment, item] of children) collect(item, [...path, segment], found, core);
}

function childrenOf(value: unknown, keys: readonly string[] | undefined): [Segment, unknown][] | undefined {
  if (isRecord(value)) return Object.entries(value);
  if (keys && isKeyedList(value, keys)) return value.map((item) => [[itemKey(item, keys)], item]);
  return undefined;
}

/** Whether the object's own lists may merge by key. */
export function isCore(object: StoredObject): boolean {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
  return !group?.includes('.') || group.endsWith('.k8s.io');
}

/** The key fields of a list of that name, when it merges by key. */
export function mergeKeysOf(segment: Segment | undefined): readonly string[] | undefined {
  return typeof segment === 'string' && Object.hasOwn(mergeKeys, segment) ? mergeKeys[segment] : undefined;
}

export function isKeyedList(value: unknown, keys: readonly string[]): value is Record<string, unknown>[] {
  const [first = ''] = keys;
  return Array.isArray(value) && value.every((item) => isRecord(item) && item[first] !== undefined);
}

export function itemKey(item: Record<string, unknown>, keys: readonly string[]): string {
  return JSON.stringify(keys.map((key) => item[key] ?? ''));
}
