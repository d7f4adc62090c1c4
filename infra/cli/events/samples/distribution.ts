import { configType, jsonSample, manifestType, type SampleMaker } from './sample.ts';

/** A push of a manifest, or a delete of the tag (of the digest, where there is no tag). */
export const distributionSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) => {
  const pushed = {
    mediaType: manifestType,
    size: 499,
    length: 499,
    digest,
    references: [{ mediaType: configType, size: 634, digest }],
  };
  const target = {
    repository,
    ...(action === 'push' ? pushed : tag === undefined && { digest }),
    ...(tag !== undefined && { tag }),
  };
  const request = { id, host: registry, method: action === 'push' ? 'PUT' : 'DELETE', useragent: 'kmm' };
  const event = { id, timestamp: at.toISOString(), action, target, request, actor: {}, source: { addr: registry } };
  const contentType = 'application/vnd.docker.distribution.events.v2+json';
  return jsonSample({ events: [event] }, { 'content-type': contentType });
};
