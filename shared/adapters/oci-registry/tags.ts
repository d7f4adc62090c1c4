import * as z from 'zod';
import type { OciRegistry } from '../../ports/registry.ts';
import type { RegistryClient } from './client.ts';
import { discard } from './http/read-body.ts';
import { getPages } from './pages.ts';
import { readJson } from './read-json.ts';

/** `tags` is null in registries whose repository has none. What is no tag could not be asked for. */
const TagList = z.object({ tags: z.array(z.string()).nullish() });
const tag = /^\w[\w.-]{0,127}$/;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export function createListTags(client: RegistryClient, pageSize = 1000): OciRegistry['listTags'] {
  return async (repository) => {
    const tags: string[] = [];
    for await (const answer of getPages(client, repository, `tags/list?n=${pageSize}`)) {
      if (answer.status === 404) {
        await discard(answer);
        return [];
      }
      if (answer.status !== 200) {
        throw await client.refusal(repository, { method: 'GET', path: 'tags/list', access: 'pull' }, answer);
      }
      tags.push(...((await readJson(answer, TagList)).tags ?? []).filter((name) => tag.test(name)));
    }
    return [...new Set(tags)];
  };
}
