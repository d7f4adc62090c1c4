import { jsonSample, type SampleMaker } from './sample.ts';
import { splitRepository } from './split-repository.ts';

/** One tag, no digest, never a delete. */
export const dockerHubSample: SampleMaker = ({ action, repository, tag, at }) => {
  if (action === 'delete' || tag === undefined) return undefined;
  const { owner, name } = splitRepository(repository);
  return jsonSample({
    push_data: { pushed_at: Math.floor(at.getTime() / 1000), pusher: 'kmm', tag, images: [] },
    callback_url: 'https://registry.hub.docker.com/u/none/',
    repository: { repo_name: repository, namespace: owner, name, repo_url: `https://hub.docker.com/r/${repository}` },
  });
};
