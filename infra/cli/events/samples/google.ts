import { jsonSample, type SampleMaker } from './sample.ts';

/** A message of the topic `gcr` in a push of Pub/Sub; the delete of a tag names the tag alone. */
export const googleSample: SampleMaker = ({ action, registry, repository, tag, digest, at, id }) => {
  const image = `${registry}/${repository}`;
  const message = {
    action: action === 'push' ? 'INSERT' : 'DELETE',
    ...((action === 'push' || tag === undefined) && { digest: `${image}@${digest}` }),
    ...(tag !== undefined && { tag: `${image}:${tag}` }),
  };
  const data = Buffer.from(JSON.stringify(message)).toString('base64');
  return jsonSample({
    message: { data, messageId: id, publishTime: at.toISOString() },
    subscription: 'projects/none/subscriptions/kmm',
  });
};
