import { type Kind, type ObjectKey, resources } from '../../../../shared/kubernetes/resources.ts';
import { ApiError, objectError } from './api-error.ts';
import { StoredObject, withoutNulls } from './object.ts';

/** Reads a body that must be of the kind that its path names. Kind and apiVersion may be left out, as in lists. */
export function parseBody(kind: Kind, body: unknown): StoredObject {
  const { apiVersion } = resources[kind];
  const parsed = StoredObject.safeParse(withoutNulls({ apiVersion, kind, ...Object(body) }));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError('BadRequest', `${kind} can't be read: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const object = parsed.data;
  if (object.kind === kind && object.apiVersion === apiVersion) return object;
  throw new ApiError('BadRequest', `expected a ${apiVersion} ${kind}, got a ${object.apiVersion} ${object.kind}`);
}

/** The same for a path that names one object: name and namespace must not differ from it. */
export function parseObjectAt(kind: Kind, key: ObjectKey, body: unknown): StoredObject {
  const object = parseBody(kind, body);
  const { name, namespace = key.namespace } = object.metadata;
  if (name !== key.name || namespace !== key.namespace) {
    throw objectError(
      'BadRequest',
      kind,
      key,
      `does not match the name or namespace of the object (${namespace}/${name})`,
    );
  }
  return inNamespace(kind, object, key.namespace);
}

/** The object with the namespace of its path; a cluster-scoped one has none. */
export function inNamespace(kind: Kind, object: StoredObject, namespace: string | undefined): StoredObject {
  const { namespace: named, ...metadata } = object.metadata;
  if (!resources[kind].namespaced) return { ...object, metadata };
  if (namespace === undefined && named === undefined) throw new ApiError('BadRequest', `a ${kind} needs a namespace`);
  if (namespace !== undefined && named !== undefined && namespace !== named) {
    throw new ApiError(
      'BadRequest',
      `the namespace of the object (${named}) does not match that of the request (${namespace})`,
    );
  }
  return { ...object, metadata: { ...metadata, namespace: namespace ?? named } };
}
