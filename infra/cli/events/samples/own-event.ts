import { ownTypePrefix } from '../../../../shared/events/sources/own-event.ts';
import { jsonSample, type SampleMaker } from './sample.ts';

/** Our own CloudEvent about an image, structured. */
export const ownEventSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) =>
  jsonSample(
    {
      specversion: '1.0',
      id,
      source: '/kmm/events/send',
      type: `${ownTypePrefix}image`,
      time: at.toISOString(),
      datacontenttype: 'application/json',
      data: { action, registry, repository, ...(tag !== undefined && { tag }), digest },
    },
    { 'content-type': 'application/cloudevents+json' },
  );
