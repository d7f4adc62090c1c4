import { configType, jsonSample, manifestType, type SampleMaker } from './sample.ts';
import { splitRepository } from './split-repository.ts';

/** GitHub's `package`, published; a delete is never told. */
export const ghcrSample: SampleMaker = ({ action, registry, repository, tag, digest, id }) => {
  if (action === 'delete') return undefined;
  const { owner, name } = splitRepository(repository);
  const container_metadata = {
    tag: { name: tag ?? '', digest },
    manifest: { digest, media_type: manifestType, size: 499, config: { digest, media_type: configType, size: 634 } },
  };
  const body = {
    action: 'published',
    package: {
      id: 1,
      name,
      namespace: owner,
      ecosystem: 'CONTAINER',
      package_type: 'CONTAINER',
      owner: { login: owner },
      package_version: { name: digest, version: digest, container_metadata, package_url: `${registry}/${repository}` },
      registry: { name: 'GitHub CONTAINER registry', type: 'CONTAINER' },
    },
  };
  return jsonSample(body, { 'x-github-event': 'package', 'x-github-delivery': id });
};
