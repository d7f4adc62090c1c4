import { ecrPlace } from './ecr-place.ts';
import { configType, jsonSample, manifestType, type SampleMaker } from './sample.ts';

/** As EventBridge hands it to an API destination. */
export const ecrSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) =>
  jsonSample({
    version: '0',
    id,
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    time: at.toISOString(),
    ...ecrPlace(registry),
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': repository,
      'image-digest': digest,
      'action-type': action.toUpperCase(),
      ...(tag !== undefined && { 'image-tag': tag }),
      'manifest-media-type': manifestType,
      'artifact-media-type': configType,
    },
  });
