import * as z from 'zod';
import type { Json } from '../../../../shared/kubernetes/merge-patch.ts';
import { OwnerReference } from '../../../../shared/kubernetes/objects.ts';
import type { Kind, ObjectKey } from '../../../../shared/kubernetes/resources.ts';

const StringMap = z.record(z.string(), z.string());

const Metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().optional(),
  labels: StringMap.optional(),
  annotations: StringMap.optional(),
  ownerReferences: z.array(OwnerReference).optional(),
  finalizers: z.array(z.string()).optional(),
});
export type Metadata = z.infer<typeof Metadata>;

/** An object kept whole. Values are never changed in place: every write makes a new object, so that reads need no copy. */
export const StoredObject = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: Metadata });
export type StoredObject = z.infer<typeof StoredObject>;

/** A deep copy of what JSON can hold: what a client would see on the wire. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Copies without `null`s: in what is created or applied, the API takes them for absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/** One string per object of a kind; sorts as the API lists: by namespace, then name. */
export function keyString(key: { namespace?: string | undefined; name: string }): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}

export function keyOf(object: StoredObject): ObjectKey {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

/** The second, as Kubernetes writes times. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Kinds whose `metadata.generation` counts changes of the spec, as on a real API server. */
export function hasGeneration(kind: Kind): boolean {
  return kind === 'Module' || kind === 'DaemonSet' || kind === 'Job' || kind === 'Pod';
}

export function hasStatus(kind: Kind): boolean {
  return hasGeneration(kind) || kind === 'Node' || kind === 'Namespace';
}
