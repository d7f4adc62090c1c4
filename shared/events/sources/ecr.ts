import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered, ignored, triggers } from '../decoded.ts';
import { EcrPlace, ecrRegistry } from './ecr-registry.ts';
import { notAnImage } from './image-content.ts';
import { DigestText, imageTrigger, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Amazon ECR on EventBridge: straight to a function, in the body of a queue's message, or by an API destination. IAM vouches
 * for the first two; only the last bears a secret. Best effort: the sweep finds what was not sent.
 * ```json
 * {"version":"0","id":"13cde686-328b-6117-af20-0e5566167482","detail-type":"ECR Image Action","source":"aws.ecr",
 *  "account":"123456789012","time":"2026-08-01T00:00:00Z","region":"us-west-2","resources":[],
 *  "detail":{"result":"SUCCESS","repository-name":"drivers/nic","action-type":"PUSH","image-tag":"6.1.0",
 *   "image-digest":"sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd1234abcd",
 *   "manifest-media-type":"application/vnd.oci.image.manifest.v1+json",
 *   "artifact-media-type":"application/vnd.oci.image.config.v1+json"}}
 * ```
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export const ecr: EventSource = {
  recognise: ({ body }) =>
    z.object({ source: z.literal('aws.ecr'), 'detail-type': z.string() }).safeParse(body).success,
  verify: verifySharedSecret,
  decode: ({ body }, options) => [decodeItem(() => decode(body, options))],
  poison: 'absorb',
};

const ImageAction = EcrPlace.extend({
  id: z.string().optional(),
  detail: z.object({
    result: z.string(),
    'repository-name': RepositoryName,
    'action-type': z.string(),
    'image-tag': z.union([TagName, z.literal('').transform(() => undefined)]).optional(),
    'image-digest': DigestText.optional(),
    'manifest-media-type': z.string().optional(),
    'artifact-media-type': z.string().optional(),
  }),
});

const actions: Record<string, 'push' | 'delete'> = { PUSH: 'push', DELETE: 'delete' };

function decode(body: unknown, options: DecodeOptions): Decoded {
  const { 'detail-type': type } = parseWith(z.object({ 'detail-type': z.string() }), body, 'ECR event');
  if (type !== 'ECR Image Action') return ignored('not an image action');
  const { id, detail, ...place } = parseWith(ImageAction, body, 'ECR event');
  if (detail.result !== 'SUCCESS') return ignored('an action that failed');
  const action = Object.hasOwn(actions, detail['action-type']) ? actions[detail['action-type']] : undefined;
  if (action === undefined) return ignored('neither a push nor a delete');
  const [mediaType, artifactType, tag] = [
    detail['manifest-media-type'],
    detail['artifact-media-type'],
    detail['image-tag'],
  ];
  const why = notAnImage({ mediaType, artifactType, tag });
  if (why !== undefined) return ignored(why);
  const image = {
    action,
    registry: options.registry ?? ecrRegistry(place),
    repository: detail['repository-name'],
    tag,
  };
  return delivered(triggers(imageTrigger({ ...image, digest: detail['image-digest'] })), id);
}
