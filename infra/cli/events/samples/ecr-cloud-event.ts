import { ecrPlace } from './ecr-place.ts';
import { jsonSample, type SampleMaker } from './sample.ts';

/** What an input transformer makes of ECR's event. */
export const ecrCloudEventSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) => {
  const { account, region } = ecrPlace(registry);
  return jsonSample(
    {
      specversion: '1.0',
      id,
      type: `com.amazon.ecr.image.${action}`,
      source: `urn:aws:ecr:${region}:${account}:repository/${repository}`,
      subject: tag === undefined ? repository : `${repository}:${tag}`,
      time: at.toISOString(),
      datacontenttype: 'application/json',
      data: { repositoryName: repository, imageTag: tag ?? '', imageDigest: digest, registryId: account },
    },
    { 'content-type': 'application/cloudevents+json' },
  );
};
