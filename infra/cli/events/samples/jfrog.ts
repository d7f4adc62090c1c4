import { jsonSample, type SampleMaker } from './sample.ts';
import { splitRepository } from './split-repository.ts';

/** Events of the domain Docker; the first part of the repository is Artifactory's repository key. */
export const jfrogSample: SampleMaker = ({ action, registry, repository, tag, digest }) => {
  const { owner, name } = splitRepository(repository);
  const version = tag ?? digest.replace(':', '__');
  const type = action === 'push' ? 'pushed' : 'deleted';
  return jsonSample({
    domain: 'docker',
    event_type: type,
    data: {
      repo_key: owner,
      event_type: type,
      path: `${name}/${version}/manifest.json`,
      name: 'manifest.json',
      sha256: digest.slice('sha256:'.length),
      size: 1206,
      image_name: name,
      tag: version,
      platforms: [],
    },
    subscription_key: 'kmm',
    jpd_origin: `https://${registry}`,
    source: 'jfrog/kmm',
  });
};
