import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, ignored, triggers } from '../decoded.ts';
import { verifyBodySignature } from './body-signature.ts';
import { notAnImage } from './image-content.ts';
import { TagOrDigest } from './image-reference.ts';
import { DigestText, imageTrigger, RegistryHost, RepositoryName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * JFrog Artifactory, events of the domain Docker. Its one header bears the secret itself, or, with "use secret for payload
 * signing", the HMAC of the body: which of the two is a setting, for whoever could choose would choose the weaker one.
 * ```json
 * {"domain":"docker","event_type":"pushed","data":{"repo_key":"docker-local","event_type":"pushed",
 *   "path":"drivers/nic/6.1.0/manifest.json","name":"manifest.json","size":1206,"image_name":"drivers/nic","tag":"6.1.0",
 *   "sha256":"35c4a2c15539c6c1e4e5fa4e554dac323ad0107d8eb5c582d6ff386b383b7dce","platforms":[]},
 *  "subscription_key":"kmm","jpd_origin":"https://acme.jfrog.io","source":"jfrog/ci"}
 * ```
 * https://jfrog.com/help/r/jfrog-platform-administration-documentation/domain-docker
 */
export const jfrog: EventSource = {
  recognise: ({ body }) => Envelope.safeParse(body).success,
  verify: (request, keys) =>
    keys.mode === 'hmac'
      ? verifyBodySignature(request, keys.secrets, { header, prefix: '' })
      : keys.mode === 'token' && verifySharedSecret(request, { ...keys, header }),
  decode: ({ body }, options) => [decodeItem(() => decode(body, options))],
  poison: 'absorb',
};

const header = 'x-jfrog-event-auth';

const Envelope = z.object({
  domain: z.string(),
  event_type: z.string(),
  data: z.looseObject({}),
  subscription_key: z.string().optional(),
});

const DockerEvent = z.object({
  data: z.object({
    repo_key: RepositoryName,
    image_name: RepositoryName,
    // Of a manifest in an index Artifactory makes a tag of its own.
    tag: z
      .string()
      .transform((tag) => tag.replace(/^sha256__/, 'sha256:'))
      .pipe(TagOrDigest),
    sha256: z
      .string()
      .transform((hex) => `sha256:${hex}`)
      .pipe(DigestText)
      .optional(),
  }),
  jpd_origin: z.string().optional(),
});

/** A promotion copies an image to where it is used from: a push there. */
const actions: Record<string, 'push' | 'delete'> = { pushed: 'push', promoted: 'push', deleted: 'delete' };

function decode(body: unknown, options: DecodeOptions): Decoded {
  const { domain, event_type: type } = parseWith(Envelope, body, 'JFrog event');
  if (domain !== 'docker') return ignored('not of the domain docker');
  const action = Object.hasOwn(actions, type) ? actions[type] : undefined;
  if (action === undefined) return ignored('neither a push nor a delete');
  const { data, jpd_origin: origin } = parseWith(DockerEvent, body, 'JFrog event');
  const why = notAnImage({ tag: data.tag.tag });
  if (why !== undefined) return ignored(why);
  const content = { action, tag: data.tag.tag, digest: data.tag.digest ?? data.sha256 };
  return triggers(
    ...placesOf(data.repo_key, data.image_name, options.registry, origin).map((place) =>
      imageTrigger({ ...content, ...place }),
    ),
  );
}

/**
 * What the image may be called: an Artifactory serves a repository as the first part of the path, or as a host (and behind a
 * proxy a port) of its own, and does not say which. A name that nobody uses finds no target.
 */
function placesOf(key: string, image: string, configured: string | undefined, origin: string | undefined) {
  const host = configured ?? URL.parse(origin ?? '')?.host;
  if (host === undefined) throw new InvalidInput('JFrog event: expected a URL', 'jpd_origin');
  const registry = parseWith(RegistryHost, host, 'JFrog event: jpd_origin');
  const own = configured ?? `${key}.${registry}`;
  const places = [
    { registry, repository: `${key}/${image}` },
    { registry: own, repository: image },
  ];
  return places.filter((place) => RegistryHost.safeParse(place.registry).success);
}
