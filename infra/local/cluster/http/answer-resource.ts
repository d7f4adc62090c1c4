import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Json } from '../../../../shared/kubernetes/merge-patch.ts';
import { type Kind, type ObjectKey, resources } from '../../../../shared/kubernetes/resources.ts';
import type { RequestCounters } from '../request-counters.ts';
import { ApiError, objectError } from '../store/api-error.ts';
import { hasStatus, isRecord } from '../store/object.ts';
import type { ClusterStore } from '../store/store.ts';
import { answerJson } from './answer.ts';
import { answerWatch } from './answer-watch.ts';
import { contentType, readBody } from './read-body.ts';
import type { Route } from './route.ts';
import { tableOf, wantsTable } from './table.ts';

const DeleteOptions = z.object({
  preconditions: z.object({ uid: z.string().optional(), resourceVersion: z.string().optional() }).optional(),
  propagationPolicy: z.string().optional(),
  gracePeriodSeconds: z.number().optional(),
  dryRun: z.array(z.string()).optional(),
});

/** One request, taken apart. */
interface Call {
  store: ClusterStore;
  counters: RequestCounters;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
}

/** Answers a request for a collection or an object. */
export async function answerResource(call: Call, route: Route): Promise<void> {
  if (route.type === 'collection') await answerCollection(call, route.kind, route.namespace);
  else await answerObject(call, route.kind, route.key, subresourceOf(route.kind, route.subresource));
}

async function answerCollection(call: Call, kind: Kind, namespace: string | undefined): Promise<void> {
  const { store, counters, request, response, query } = call;
  if (request.method === 'POST') {
    counters.count('create', kind);
    answerJson(response, 201, store.create(kind, namespace, await readBody(request), writeOptions(query)));
  } else if (request.method !== 'GET')
    throw new ApiError('MethodNotAllowed', `${request.method} of a collection is not served here`);
  else if (['1', 'true'].includes(query.get('watch') ?? '')) {
    counters.count('watch', kind);
    const bookmarks = ['1', 'true'].includes(query.get('allowWatchBookmarks') ?? '');
    const options = { ...selection(query, namespace), bookmarks, timeoutSeconds: numberOf(query, 'timeoutSeconds') };
    answerWatch(store, kind, { ...options, resourceVersion: query.get('resourceVersion') ?? '' }, request, response);
  } else {
    counters.count('list', kind);
    answerList(call, kind, namespace);
  }
}

function answerList({ store, request, response, query }: Call, kind: Kind, namespace: string | undefined): void {
  const token = query.get('continue') ?? undefined;
  const page = store.list(kind, { ...selection(query, namespace), limit: numberOf(query, 'limit'), continue: token });
  const { resourceVersion, remaining, items } = page;
  const more = page.continue === undefined ? {} : { continue: page.continue, remainingItemCount: remaining };
  const { apiVersion } = resources[kind];
  const metadata = { resourceVersion, ...more };
  const list = { kind: `${kind}List`, apiVersion, metadata, items };
  answerJson(response, 200, wantsTable(request) ? tableOf(kind, items, metadata, new Date()) : list);
}

async function answerObject(call: Call, kind: Kind, key: ObjectKey, subresource: 'status' | undefined): Promise<void> {
  const { store, counters, request, response, query } = call;
  const write = { ...writeOptions(query), subresource };
  const count = (verb: string) => counters.count(verb, kind, subresource);
  switch (request.method) {
    case 'GET': {
      count('get');
      const found = store.get(kind, key);
      if (found === undefined) throw objectError('NotFound', kind, key, 'not found');
      const { resourceVersion } = found.metadata;
      return answerJson(
        response,
        200,
        wantsTable(request) ? tableOf(kind, [found], { resourceVersion }, new Date()) : found,
      );
    }
    case 'PUT':
      count('update');
      return answerJson(response, 200, store.replace(kind, key, await readBody(request), write));
    case 'PATCH':
      return answerPatch(call, kind, key, write, count);
    case 'DELETE':
      count('delete');
      return answerDelete(call, kind, key);
    default:
      throw new ApiError('MethodNotAllowed', `${request.method} of an object is not served here`);
  }
}

async function answerPatch(
  { store, request, response, query }: Call,
  kind: Kind,
  key: ObjectKey,
  write: ReturnType<typeof writeOptions> & { subresource: 'status' | undefined },
  count: (verb: string) => void,
): Promise<void> {
  const type = contentType(request);
  count(type === 'application/apply-patch+yaml' ? 'apply' : 'patch');
  const body = (await readBody(request)) ?? {};
  if (type === 'application/apply-patch+yaml') {
    const manager = query.get('fieldManager');
    if (!manager) throw new ApiError('BadRequest', 'fieldManager: is required for apply patch');
    const existed = store.get(kind, key) !== undefined;
    const applied = store.apply(kind, key, body, { ...write, manager, force: query.get('force') === 'true' });
    return answerJson(response, existed ? 200 : 201, applied);
  }
  if (!isMergePatch(type, body)) {
    throw new ApiError(
      'UnsupportedMediaType',
      `patches of type ${type} are not served here: use a merge patch or --server-side`,
    );
  }
  return answerJson(response, 200, store.patch(kind, key, body, write));
}

async function answerDelete({ store, request, response, query }: Call, kind: Kind, key: ObjectKey): Promise<void> {
  const body = await readBody(request);
  // A DELETE with a body ignores its query, on a real API server too.
  const fromQuery = {
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    gracePeriodSeconds: numberOf(query, 'gracePeriodSeconds'),
  };
  const parsed = DeleteOptions.safeParse(body ?? fromQuery);
  if (!parsed.success) throw new ApiError('BadRequest', `DeleteOptions: ${parsed.error.issues[0]?.message}`);
  const dryRun = body === undefined ? query.has('dryRun') : (parsed.data.dryRun ?? []).length > 0;
  const deleted = store.delete(kind, key, { ...parsed.data, dryRun });
  const details = { name: key.name, kind: resources[kind].plural, uid: deleted.metadata.uid };
  answerJson(response, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

/** A strategic patch without lists of objects means the same as a merge patch. */
function isMergePatch(type: string, patch: Json): boolean {
  if (type === 'application/merge-patch+json') return true;
  return type === 'application/strategic-merge-patch+json' && !hasObjectList(patch);
}

function hasObjectList(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isRecord);
  return isRecord(value) && Object.values(value).some(hasObjectList);
}

function subresourceOf(kind: Kind, subresource: string | undefined): 'status' | undefined {
  if (subresource === undefined) return undefined;
  if (subresource === 'status' && hasStatus(kind)) return 'status';
  throw new ApiError('NotFound', 'the server could not find the requested resource');
}

function writeOptions(query: URLSearchParams) {
  return { manager: query.get('fieldManager') ?? 'unknown', dryRun: query.has('dryRun') };
}

function selection(query: URLSearchParams, namespace: string | undefined) {
  const [labelSelector, fieldSelector] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''];
  return { namespace, labelSelector, fieldSelector };
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = Number(query.get(name) ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
