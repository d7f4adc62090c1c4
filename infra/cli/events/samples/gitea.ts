import { jsonSample, type SampleMaker } from './sample.ts';
import { splitRepository } from './split-repository.ts';

/** A webhook "Package" of Gitea; Forgejo's differs in the names of headers. */
export const giteaSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) => {
  const { owner, name } = splitRepository(repository);
  const version = tag ?? digest;
  const login = { id: 2, login: owner, username: owner };
  const found = {
    id: 7,
    owner: login,
    repository: null,
    creator: { id: 1, login: 'kmm' },
    type: 'container',
    name,
    version,
    html_url: `https://${registry}/${owner}/-/packages/container/${name}/${encodeURIComponent(version)}`,
    created_at: at.toISOString(),
  };
  const body = { action: action === 'push' ? 'created' : 'deleted', repository: null, package: found, sender: login };
  return jsonSample(body, { 'x-gitea-event': 'package', 'x-gitea-delivery': id });
};
