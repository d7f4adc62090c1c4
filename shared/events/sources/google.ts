import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseJson, parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered, ignored, triggers } from '../decoded.ts';
import { notAnImage } from './image-content.ts';
import { ImageReference } from './image-reference.ts';
import { imageTrigger } from './image-trigger.ts';
import { verifyOidcToken } from './oidc-token.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Google Artifact Registry: its topic `gcr` on a push subscription of Pub/Sub, which signs in as a service account with an
 * identity token. A new tag tells digest and tag, an untagged push or the delete of a digest the digest, the delete of a tag
 * the tag:
 * ```json
 * {"message":{"data":"eyJhY3Rpb24iOiJJTlNFUlQiLCJkaWdlc3QiOiJ1cy1kb2NrZXIucGtn…","messageId":"8125938237153210",
 *   "publishTime":"2026-11-20T10:12:01.311Z"},"subscription":"projects/acme/subscriptions/kmm"}
 * ```
 * where the data is
 * ```json
 * {"action":"INSERT","digest":"us-docker.pkg.dev/acme/drivers/nic@sha256:6ec1…","tag":"us-docker.pkg.dev/acme/drivers/nic:6.1.0"}
 * ```
 * https://cloud.google.com/artifact-registry/docs/configure-notifications
 */
export const google: EventSource = {
  recognise: ({ body }) => PushEnvelope.safeParse(body).success,
  verify: (request, { oidc }, now) => oidc !== undefined && verifyOidcToken(request, oidc, now),
  decode: ({ body }, options) => [decodeItem(() => decode(body, options))],
  poison: 'absorb',
};

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const PushEnvelope = z.object({
  message: z.object({ data: z.base64(), messageId: z.string().optional() }),
  subscription: z.string(),
});

const Message = z.object({ digest: ImageReference.optional(), tag: ImageReference.optional() });

const actions: Record<string, 'push' | 'delete'> = { INSERT: 'push', DELETE: 'delete' };

function decode(body: unknown, options: DecodeOptions): Decoded {
  const { message } = parseWith(PushEnvelope, body, 'Pub/Sub message');
  const data = parseJson(Buffer.from(message.data, 'base64').toString(), 'Artifact Registry message');
  const { action: verb } = parseWith(z.object({ action: z.string() }), data, 'Artifact Registry message');
  const action = Object.hasOwn(actions, verb) ? actions[verb] : undefined;
  if (action === undefined) return ignored('neither a push nor a delete');
  const { digest, tag } = parseWith(Message, data, 'Artifact Registry message');
  const image = digest ?? tag;
  if (image === undefined || (digest?.digest ?? tag?.tag) === undefined)
    throw new InvalidInput('Artifact Registry message: neither tag nor digest');
  if (tag !== undefined && (tag.registry !== image.registry || tag.repository !== image.repository))
    throw new InvalidInput('Artifact Registry message: tag and digest are of different images');
  const why = notAnImage({ tag: tag?.tag });
  if (why !== undefined) return ignored(why);
  const registry = options.registry ?? image.registry;
  const found = imageTrigger({ action, registry, repository: image.repository, tag: tag?.tag, digest: digest?.digest });
  return delivered(triggers(found), message.messageId);
}
