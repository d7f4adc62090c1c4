import { randomBytes } from 'node:crypto';
import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { objectError } from './api-error.ts';
import { isRecord, keyOf, type StoredObject } from './object.ts';
import { ownersAfterUpdate } from './ownership.ts';
import { inNamespace, parseBody } from './parse-body.ts';
import { newObject } from './writable.ts';
import { commit, type WriteContext, type WriteOptions } from './write.ts';

/** POST of a collection; `generateName` gets five letters. 409 AlreadyExists when the name is taken. */
export function createObject(
  context: WriteContext,
  kind: Kind,
  namespace: string | undefined,
  body: unknown,
  options: WriteOptions,
): StoredObject {
  const sent = inNamespace(kind, parseBody(kind, named(body)), namespace);
  const object = newObject(kind, sent, context.now());
  const key = keyOf(object);
  if (context.records.get(kind, key)) throw objectError('AlreadyExists', kind, key, 'already exists');
  return commit(
    context,
    kind,
    undefined,
    { object, owners: ownersAfterUpdate({}, options.manager, undefined, object) },
    options,
  );
}

function named(body: unknown): unknown {
  if (!isRecord(body) || !isRecord(body['metadata'])) return body;
  const { name, generateName } = body['metadata'];
  if (name || typeof generateName !== 'string') return body;
  return {
    ...body,
    metadata: { ...body['metadata'], name: `${generateName}${randomBytes(3).toString('hex').slice(0, 5)}` },
  };
}
