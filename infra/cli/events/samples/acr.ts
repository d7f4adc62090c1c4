import { jsonSample, manifestType, type SampleMaker } from './sample.ts';

/** The webhook of a registry; Event Grid's CloudEvents hold the same. */
export const acrSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) =>
  jsonSample({
    id,
    timestamp: at.toISOString(),
    action,
    target: {
      mediaType: manifestType,
      size: 524,
      digest,
      length: 524,
      repository,
      ...(tag !== undefined && { tag }),
    },
    request: { id, host: registry, method: action === 'push' ? 'PUT' : 'DELETE', useragent: 'kmm' },
  });
