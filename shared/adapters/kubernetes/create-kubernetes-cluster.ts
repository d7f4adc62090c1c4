import { setTimeout } from 'node:timers/promises';
import type { Manifest } from '../../kubernetes/objects.ts';
import { apiPath, isKind, type Kind, type Kinds, type ObjectKey } from '../../kubernetes/resources.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { ClusterError } from '../../ports/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { KubernetesConnection } from './connection.ts';
import { createLimiter } from './limiter.ts';
import { listAll, listPages } from './list-pages.ts';
import { objectOf, refusal, statusOf } from './parse-answer.ts';
import { withRetries } from './retry.ts';
import { type ApiAnswer, type ApiRequest, createTransport } from './transport.ts';

export interface KubernetesClusterOptions extends KubernetesConnection {
  fieldManager?: string | undefined;
  /** Requests at once; the others wait. */
  maxConnections?: number | undefined;
  /** For one attempt. */
  timeoutMs?: number | undefined;
  attempts?: number | undefined;
  /** For all attempts: none starts later. */
  deadlineMs?: number | undefined;
  maxAnswerBytes?: number | undefined;
  userAgent?: string | undefined;
  log?: Logger | undefined;
  sleep?: ((ms: number) => Promise<void>) | undefined;
  now?: (() => Date) | undefined;
  random?: (() => number) | undefined;
}

/**
 * The Cluster port on a real API server, over node:https with kept-alive connections: client-node's generated clients
 * drop unknown fields and open a connection per request.
 */
export function createKubernetesCluster(options: KubernetesClusterOptions): Cluster {
  const { fieldManager = 'kmm-functions', maxConnections = 32, timeoutMs = 30_000, attempts = 5, log } = options;
  const { maxAnswerBytes = 64 * 2 ** 20, userAgent = 'kmm-functions', sleep = setTimeout } = options;
  const { now = () => new Date(), random = Math.random, deadlineMs = 60_000 } = options;
  const limited = createLimiter(maxConnections);
  const transport = createTransport(options, { maxConnections, timeoutMs, maxAnswerBytes, userAgent });
  const retry = { attempts, deadlineMs, now, random, log, sleep: async (ms: number) => void (await sleep(ms)) };
  const send = (request: ApiRequest) =>
    withRetries(`${request.method} ${request.path}`, () => limited(() => transport(request)), retry);
  const writer = new URLSearchParams({ fieldManager });

  return {
    async get(kind, key) {
      const request: ApiRequest = { method: 'GET', path: apiPath(kind, key) };
      const answer = await send(request);
      return isAbsent(answer, key) ? undefined : found(kind, request, answer);
    },
    pages: (kind, list) => listPages(send, kind, list),
    list: (kind, list) => listAll(() => listPages(send, kind, list)),
    async create(manifest) {
      const kind = kindOf(manifest);
      const { namespace } = manifest.metadata;
      const request = withBody('POST', `${apiPath(kind, { namespace })}?${writer}`, manifest);
      const answer = await send(request);
      if (answer.status === 409 && statusOf(answer).reason === 'AlreadyExists') return 'exists';
      if (!isGood(answer)) throw refusal(named(request), answer);
      return 'created';
    },
    async apply(kind, manifest) {
      const path = `${apiPath(kind, manifest.metadata)}?${writer}&force=true`;
      const request = withBody('PATCH', path, manifest, 'application/apply-patch+yaml');
      return found(kind, request, await send(request));
    },
    async patch(kind, key, patch, { subresource, resourceVersion } = {}) {
      const path = `${apiPath(kind, key)}${subresource ? `/${subresource}` : ''}?${writer}`;
      const request = withBody('PATCH', path, guarded(patch, resourceVersion), 'application/merge-patch+json');
      const answer = await send(request);
      return isAbsent(answer, key) ? 'absent' : found(kind, request, answer);
    },
    async delete(kind, key, { uid, resourceVersion, foreground = false } = {}) {
      // All options stand in the body: a DELETE with a body ignores its query.
      const request = withBody('DELETE', apiPath(kind, key), {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: foreground ? 'Foreground' : 'Background',
        preconditions: { uid, resourceVersion },
      });
      const answer = await send(request);
      if (isAbsent(answer, key)) return 'absent';
      if (!isGood(answer)) throw refusal(named(request), answer);
      return 'deleted';
    },
  };
}

function found<K extends Kind>(kind: K, request: ApiRequest, answer: ApiAnswer): Kinds[K] {
  if (!isGood(answer)) throw refusal(named(request), answer);
  return objectOf(named(request), kind, answer);
}

/** A 404 for this very object; a kind or namespace that is not there is an error and names something else, or nothing. */
function isAbsent(answer: ApiAnswer, key: ObjectKey): boolean {
  return answer.status === 404 && statusOf(answer).details.name === key.name;
}

function isGood({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}

function named({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

function withBody(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body: object,
  contentType = 'application/json',
): ApiRequest {
  return { method, path, contentType, body: JSON.stringify(body) };
}

function guarded(patch: Record<string, unknown>, resourceVersion: string | undefined): Record<string, unknown> {
  return resourceVersion ? { ...patch, metadata: { ...Object(patch['metadata']), resourceVersion } } : patch;
}

function kindOf({ kind }: Manifest): Kind {
  if (isKind(kind)) return kind;
  throw new ClusterError('INVALID', `POST: objects of kind ${JSON.stringify(kind)} are not known here`);
}
