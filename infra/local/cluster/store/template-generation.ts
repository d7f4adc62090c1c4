import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { isRecord, type StoredObject } from './object.ts';

/** What the API server keeps on a DaemonSet for its controller: raised with each change of the template. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

export function withTemplateGeneration(kind: Kind, object: StoredObject, previous?: StoredObject): StoredObject {
  if (kind !== 'DaemonSet') return object;
  const standing = previous?.metadata.annotations?.[templateGeneration];
  const last = Number(standing ?? 0);
  const changed = previous === undefined || !isDeepStrictEqual(templateOf(previous), templateOf(object));
  // One that was seeded without it stays without it, so that an equal write stays none.
  if (!changed && standing === undefined) return object;
  const annotations = { ...object.metadata.annotations, [templateGeneration]: String(changed ? last + 1 : last) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function templateOf(object: StoredObject): unknown {
  return isRecord(object['spec']) ? object['spec']['template'] : undefined;
}
