import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { KubernetesConnection } from '../../../shared/adapters/kubernetes/connection.ts';
import { refusal } from '../../../shared/adapters/kubernetes/parse-answer.ts';
import { withRetries } from '../../../shared/adapters/kubernetes/retry.ts';
import { type ApiAnswer, type ApiRequest, createTransport } from '../../../shared/adapters/kubernetes/transport.ts';
import { parseJson, parseWith } from '../../../shared/kmm/parse.ts';
import { type MigrationKind, migrationPath, type ObjectRef } from './kinds.ts';

/** `conflict`: the object has changed since it was read. */
export type Written = 'done' | 'absent' | 'conflict';

/**
 * A client of its own: the Cluster port knows the kinds that the functions live by, and needs neither KMM's helper objects
 * nor deletions that orphan.
 */
export interface MigrationApi {
  /** All objects of a kind in all namespaces, whole; none when the cluster does not have the kind. */
  list(kind: MigrationKind, labelSelector?: string): Promise<unknown[]>;
  /** JSON merge patch; guarded when it bears `metadata.resourceVersion`. */
  patch(ref: ObjectRef, patch: object): Promise<Written>;
  /** Only that very object. `orphan`: what it owns stays, without an owner. */
  delete(ref: ObjectRef, options: { uid: string; orphan: boolean }): Promise<Written>;
}

const List = z.object({
  metadata: z.object({ continue: z.string().default('') }).default({ continue: '' }),
  items: z.array(z.unknown()).nullable(),
});

export function createMigrationApi(connection: KubernetesConnection): MigrationApi {
  const transport = createTransport(connection, {
    maxConnections: 4,
    timeoutMs: 15_000,
    maxAnswerBytes: 64 * 2 ** 20,
    userAgent: 'kmm',
  });
  const sleep = async (milliseconds: number) => void (await setTimeout(milliseconds));
  const retry = { attempts: 3, deadlineMs: 60_000, sleep, now: () => new Date(), random: Math.random, log: undefined };
  const send = (request: ApiRequest) => withRetries(words(request), () => transport(request), retry);

  async function write(request: ApiRequest): Promise<Written> {
    const answer = await send(request);
    if (answer.status === 404) return 'absent';
    if (answer.status === 409) return 'conflict';
    if (!isGood(answer)) throw refusal(words(request), answer);
    return 'done';
  }

  return {
    async list(kind, labelSelector) {
      const items: unknown[] = [];
      for (let token: string | undefined; token !== ''; ) {
        const query = new URLSearchParams({
          limit: '500',
          ...(labelSelector && { labelSelector }),
          ...(token && { continue: token }),
        });
        const request: ApiRequest = { method: 'GET', path: `${migrationPath(kind)}?${query}` };
        const answer = await send(request);
        if (answer.status === 404) return [];
        if (!isGood(answer)) throw refusal(words(request), answer);
        const page = parseWith(List, parseJson(answer.text, words(request)), words(request));
        items.push(...(page.items ?? []));
        token = page.metadata.continue;
      }
      return items;
    },
    patch: (ref, patch) =>
      write({
        method: 'PATCH',
        path: `${migrationPath(ref.kind, ref)}?fieldManager=kmm-migrate`,
        contentType: 'application/merge-patch+json',
        body: JSON.stringify(patch),
      }),
    delete: (ref, { uid, orphan }) =>
      write({
        method: 'DELETE',
        path: migrationPath(ref.kind, ref),
        body: JSON.stringify({
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: orphan ? 'Orphan' : 'Background',
          preconditions: { uid },
        }),
      }),
  };
}

function words({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

function isGood({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}
