import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, ignored, triggers } from '../decoded.ts';
import { notAnImage } from './image-content.ts';
import { hostOf, imageTrigger, RegistryHost, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * A notification "Push to Repository" of Quay. It signs nothing and sets no header, so the secret stands in the address; it
 * says tags and no digest, and never a delete.
 * ```json
 * {"name":"nic","repository":"drivers/nic","namespace":"drivers","docker_url":"quay.io/drivers/nic",
 *  "homepage":"https://quay.io/repository/drivers/nic","updated_tags":["6.1.0-18-amd64","latest"]}
 * ```
 * https://docs.redhat.com/en/documentation/red_hat_quay/3/html/use_red_hat_quay/repository-notifications
 */
export const quay: EventSource = {
  recognise: ({ body }) => Notification.safeParse(body).success,
  verify: verifySharedSecret,
  decode: ({ body }, options) => [decodeItem(() => decode(body, options))],
  poison: 'absorb',
};

/** What builds, scans and pushes have in common. */
const Notification = z.object({ repository: z.string(), namespace: z.string(), docker_url: z.string() });

const RepositoryPush = z.object({
  repository: RepositoryName,
  docker_url: z.string(),
  /** Older releases: an object from tags to image ids. */
  updated_tags: z.union([z.array(TagName).max(1000), z.record(TagName, z.unknown()).transform(Object.keys)]),
});

function decode(body: unknown, options: DecodeOptions): Decoded {
  const { updated_tags } = parseWith(z.looseObject({ docker_url: z.string() }), body, 'Quay notification');
  if (updated_tags === undefined) return ignored('not a push');
  const push = parseWith(RepositoryPush, body, 'Quay notification');
  const registry = parseWith(
    RegistryHost,
    options.registry ?? hostOf(push.docker_url),
    'Quay notification: the host in docker_url',
  );
  const tags = push.updated_tags.filter((tag) => notAnImage({ tag }) === undefined);
  if (tags.length === 0) return ignored('no tag of an image');
  const { repository } = push;
  return triggers(...tags.map((tag) => imageTrigger({ action: 'push', registry, repository, tag, digest: undefined })));
}
