import { jsonSample, type SampleMaker } from './sample.ts';
import { splitRepository } from './split-repository.ts';

/** "Push to Repository": tags, no digest, never a delete. */
export const quaySample: SampleMaker = ({ action, registry, repository, tag }) => {
  if (action === 'delete' || tag === undefined) return undefined;
  const { owner, name } = splitRepository(repository);
  return jsonSample({
    name,
    repository,
    namespace: owner,
    docker_url: `${registry}/${repository}`,
    homepage: `https://${registry}/repository/${repository}`,
    updated_tags: [tag],
  });
};
