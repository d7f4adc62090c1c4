import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { hasGeneration, hasStatus, isRecord, type StoredObject, timestamp } from './object.ts';
import { withTemplateGeneration } from './template-generation.ts';

export type Subresource = 'status' | undefined;

/** A new object as the API keeps it: system fields are ours to set, and only a Node may bring its status. */
export function newObject(kind: Kind, object: StoredObject, now: Date): StoredObject {
  const { deletionTimestamp: _gone, deletionGracePeriodSeconds: _grace, ...metadata } = object.metadata;
  const { status, ...rest } = object;
  const made = {
    ...withEncodedStrings(kind, rest),
    ...(kind === 'Node' && status !== undefined ? { status } : {}),
    ...(kind === 'Pod' ? { status: { phase: 'Pending' } } : {}),
    ...(kind === 'Namespace' ? { status: { phase: 'Active' } } : {}),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...metadata,
      uid: randomUUID(),
      creationTimestamp: timestamp(now),
      ...(hasGeneration(kind) ? { generation: 1 } : {}),
    },
  };
  return withTemplateGeneration(kind, made);
}

/**
 * What of an update counts: the main resource never changes status, the status subresource nothing but it (and, for core
 * kinds, labels and annotations: a kubelet sets labels by nodes/status). The generation rises with anything else.
 */
export function updatedObject(
  kind: Kind,
  previous: StoredObject,
  next: StoredObject,
  subresource: Subresource,
): StoredObject {
  const writable = subresource === 'status' ? statusWrite(kind, previous, next) : mainWrite(kind, previous, next);
  const metadata = withSystemFields(writable, previous);
  const raised = hasGeneration(kind) && subresource === undefined && !sameContent(previous, writable);
  const generation = (previous.metadata.generation ?? 0) + 1;
  return withTemplateGeneration(
    kind,
    { ...writable, metadata: raised ? { ...metadata, generation } : metadata },
    previous,
  );
}

function statusWrite(kind: Kind, previous: StoredObject, next: StoredObject): StoredObject {
  const { status: _status, ...rest } = previous;
  const { labels: _labels, annotations: _annotations, ...others } = previous.metadata;
  const { labels, annotations } = next.metadata;
  const metadata = { ...others, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  const { apiVersion, kind: name } = previous;
  return {
    ...rest,
    ...(next['status'] === undefined ? {} : { status: next['status'] }),
    apiVersion,
    kind: name,
    metadata: kind === 'Module' ? previous.metadata : metadata,
  };
}

function mainWrite(kind: Kind, previous: StoredObject, next: StoredObject): StoredObject {
  const { status, ...rest } = next;
  const kept = hasStatus(kind) ? previous['status'] : status;
  const { apiVersion, metadata } = next;
  return {
    ...withEncodedStrings(kind, rest),
    ...(kept === undefined ? {} : { status: kept }),
    apiVersion,
    kind: next.kind,
    metadata,
  };
}

function withSystemFields(object: StoredObject, previous: StoredObject): StoredObject['metadata'] {
  const kept = [
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ];
  const system = Object.fromEntries(
    kept.flatMap((field) => (previous.metadata[field] === undefined ? [] : [[field, previous.metadata[field]]])),
  );
  const own = Object.fromEntries(Object.entries(object.metadata).filter(([field]) => !kept.includes(field)));
  return { ...own, ...system, name: previous.metadata.name };
}

function sameContent(a: StoredObject, b: StoredObject): boolean {
  const { metadata: _a, status: _aStatus, ...left } = a;
  const { metadata: _b, status: _bStatus, ...right } = b;
  return isDeepStrictEqual(left, right);
}

/** A Secret's `stringData` is write-only: it becomes base64 `data`. */
function withEncodedStrings(kind: Kind, object: Record<string, unknown>): Record<string, unknown> {
  const { stringData, ...rest } = object;
  if (kind !== 'Secret' || !isRecord(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...rest, data: { ...(isRecord(rest['data']) ? rest['data'] : {}), ...Object.fromEntries(encoded) } };
}
