import { isKind, type Kind, type ObjectKey, resources } from '../../../../shared/kubernetes/resources.ts';

/** What a path of the API names. */
export type Route =
  | { type: 'collection'; kind: Kind; namespace: string | undefined }
  | { type: 'object'; kind: Kind; key: ObjectKey; subresource: string | undefined };

const kinds = new Map(
  Object.keys(resources)
    .filter(isKind)
    .map((kind) => [`${resources[kind].apiVersion} ${resources[kind].plural}`, kind]),
);

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
export function parseRoute(path: string): Route | undefined {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const [root, ...rest] = segments;
  if (root === 'api') return inGroup(rest[0] ?? '', rest.slice(1));
  return root === 'apis' ? inGroup(`${rest[0]}/${rest[1]}`, rest.slice(2)) : undefined;
}

function inGroup(apiVersion: string, segments: string[]): Route | undefined {
  const [first, namespace, plural] = segments;
  const scoped = first === 'namespaces' && plural !== undefined && kinds.has(`${apiVersion} ${plural}`);
  return scoped ? named(apiVersion, namespace, segments.slice(2)) : named(apiVersion, undefined, segments);
}

function named(apiVersion: string, namespace: string | undefined, segments: string[]): Route | undefined {
  const [plural = '', name, subresource, more] = segments;
  const kind = kinds.get(`${apiVersion} ${plural}`);
  if (kind === undefined || more !== undefined) return undefined;
  if (name === undefined) return { type: 'collection', kind, namespace };
  if (resources[kind].namespaced !== (namespace !== undefined)) return undefined;
  return { type: 'object', kind, key: namespace === undefined ? { name } : { namespace, name }, subresource };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
