import { jsonAnswer } from './answer.ts';
import type { Ask, Handler } from './handler.ts';
import { refuse } from './refusal.ts';

const maxPage = 1000;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export const listTags: Handler = async (ask, { contents }) => {
  const { repository } = ask;
  const tags = await contents.listTags(repository);
  const known = tags.length > 0 || (await contents.listManifests(repository)).length > 0;
  if (!known) return refuse('NAME_UNKNOWN', `there is no repository ${repository}`);
  return page(ask, `/v2/${repository}/tags/list`, tags, (part) => ({ name: repository, tags: part }));
};

/** Not in the OCI specification; CNCF Distribution has it. */
export const listCatalog: Handler = async (ask, { contents }) =>
  page(ask, '/v2/_catalog', await contents.listRepositories(), (repositories) => ({ repositories }));

/** `n` names after `last`, and a `Link` to the next page where there is one. */
function page({ query }: Ask, path: string, names: string[], toBody: (part: string[]) => object) {
  const asked = query.get('n');
  if (asked !== null && !/^\d{1,9}$/.test(asked))
    return refuse('PAGINATION_NUMBER_INVALID', `n: "${asked}" is not a number`);
  const count = Math.min(asked === null ? maxPage : Number(asked), maxPage);
  const last = query.get('last') ?? '';
  const rest = names.filter((name) => name > last);
  const part = rest.slice(0, count);
  const next = part.at(-1);
  if (next === undefined || part.length === rest.length) return jsonAnswer(200, toBody(part));
  const link = `<${path}?${new URLSearchParams({ n: String(count), last: next })}>; rel="next"`;
  return jsonAnswer(200, toBody(part), { Link: link });
}
