import { parseNextLink } from '../../oci/link-header.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { Repository } from '../../ports/registry.ts';
import type { ApiAnswer } from './api-request.ts';
import type { RegistryClient } from './client.ts';
import { resolveUrl } from './http/follow.ts';

const mostPages = 200;

/** GETs a list and the pages that its Link headers lead to; the caller reads each answer's body. */
export async function* getPages(
  client: RegistryClient,
  repository: Repository,
  path: string,
  headers: Record<string, string> = {},
): AsyncGenerator<ApiAnswer> {
  let next: string | URL | undefined = path;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === mostPages)
      throw new RegistryError('PROTOCOL', `${repository.registry}: a list of more than ${mostPages} pages`);
    const answer: ApiAnswer = await client.call(repository, { method: 'GET', path: next, access: 'pull', headers });
    const link = parseNextLink([answer.headers['link']].flat().join(','));
    next = link === undefined ? undefined : resolveUrl(link, answer.url);
    yield answer;
  }
}
