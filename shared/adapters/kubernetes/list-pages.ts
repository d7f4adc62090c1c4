import { apiPath, type Kind, type Kinds } from '../../kubernetes/resources.ts';
import type { ListOptions } from '../../ports/cluster.ts';
import { ClusterError } from '../../ports/errors.ts';
import { pageOf, refusal } from './parse-answer.ts';
import type { ApiAnswer, ApiRequest } from './transport.ts';

const mostPages = 10_000;

/**
 * All pages in one array. A token that expires on the way (410) starts the list again, once: nothing has been handed out.
 */
export async function listAll<T>(pages: () => AsyncIterable<T[]>, again = true): Promise<T[]> {
  const all: T[] = [];
  try {
    for await (const page of pages()) all.push(...page);
  } catch (error) {
    if (again && error instanceof ClusterError && error.code === 'GONE') return listAll(pages, false);
    throw error;
  }
  return all;
}

/** The pages of a list. A token that expires on the way throws: what has been handed out may not stand any more. */
export async function* listPages<K extends Kind>(
  send: (request: ApiRequest) => Promise<ApiAnswer>,
  kind: K,
  options: ListOptions = {},
): AsyncGenerator<Kinds[K][]> {
  let token = '';
  for (let count = 0; count < mostPages; count += 1) {
    const request: ApiRequest = {
      method: 'GET',
      path: `${apiPath(kind, { namespace: options.namespace })}?${queryOf(options, token)}`,
    };
    const attempt = `GET ${request.path}`;
    const answer = await send(request);
    if (answer.status !== 200) throw refusal(attempt, answer);
    const { items, next } = pageOf(attempt, kind, answer);
    yield items;
    if (next === '') return;
    token = next;
  }
  throw new ClusterError('INVALID', `The list of ${kind}s does not end after ${mostPages} pages`);
}

function queryOf({ labelSelector, fieldSelector, limit = 500 }: ListOptions, token: string): URLSearchParams {
  return new URLSearchParams({
    limit: String(limit),
    ...(labelSelector ? { labelSelector } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
    ...(token ? { continue: token } : {}),
  });
}
