import { jsonSample, type SampleMaker } from './sample.ts';
import { splitRepository } from './split-repository.ts';

/** Harbor's default format; of an artifact without a tag the digest stands in its place. */
export const harborSample: SampleMaker = ({ action, registry, repository, tag, digest, at }) => {
  const { owner, name } = splitRepository(repository);
  const reference = tag === undefined ? `@${digest}` : `:${tag}`;
  return jsonSample({
    type: action === 'push' ? 'PUSH_ARTIFACT' : 'DELETE_ARTIFACT',
    occur_at: Math.floor(at.getTime() / 1000),
    operator: 'kmm',
    event_data: {
      resources: [{ digest, tag: tag ?? digest, resource_url: `${registry}/${repository}${reference}` }],
      repository: {
        date_created: Math.floor(at.getTime() / 1000),
        name,
        namespace: owner,
        repo_full_name: repository,
        repo_type: 'private',
      },
    },
  });
};
