import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered, ignored, triggers } from '../decoded.ts';
import { notAnImage } from './image-content.ts';
import { DigestText, imageTrigger, RegistryHost, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Notifications of the CNCF Distribution registry (and of GitLab's, which is one). One push announces each blob and then the
 * manifest; a delete says no media type, and by digest comes once for the digest and once for each tag. As recorded:
 * ```json
 * {"events":[{"id":"56432458-5e2e-4673-8acb-0beaba01eedf","timestamp":"2026-11-23T20:12:26.128233495Z","action":"push",
 *   "target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":499,"length":499,
 *     "digest":"sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175","repository":"t/tiny","tag":"1",
 *     "references":[{"mediaType":"application/vnd.oci.image.config.v1+json","size":634,"digest":"sha256:b718…"}]},
 *   "request":{"id":"42f3…","host":"127.0.0.1:5000","method":"PUT","useragent":"Buildah/1.28.2"},
 *   "actor":{},"source":{"addr":"vm:5000","instanceID":"eac5…"}}]}
 * ```
 * https://distribution.github.io/distribution/about/notifications/
 */
export const distribution: EventSource = {
  recognise: ({ body }) => Batch.safeParse(body).success,
  verify: verifySharedSecret,
  decode: ({ body }, options) => {
    const batch = Batch.safeParse(body);
    if (!batch.success)
      return [{ kind: 'poison', error: new InvalidInput('Registry notification: no list of events', 'events') }];
    return batch.data.events.map((event) => decodeItem(() => decode(event, options)));
  },
  poison: 'absorb',
};

/** Only the list itself: each event is parsed alone, so that one bad event does not take the others along. */
const Batch = z.object({
  events: z
    .array(z.unknown())
    .max(10_000)
    .refine((events) => events.every(hasAction), 'expected events with an action'),
});

function hasAction(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'action' in event;
}

const Outline = z.object({ action: z.string(), id: z.string().optional() });

const Notification = z.object({
  action: z.string(),
  target: z.object({
    mediaType: z.string().optional(),
    repository: RepositoryName,
    tag: TagName.optional(),
    digest: DigestText.optional(),
    references: z.array(z.object({ mediaType: z.string() })).optional(),
  }),
  request: z.object({ host: z.string().optional() }).optional(),
});

function decode(event: unknown, options: DecodeOptions): Decoded {
  const { action, id } = parseWith(Outline, event, 'Registry notification');
  if (action !== 'push' && action !== 'delete') return ignored('neither a push nor a delete');
  const { target, request } = parseWith(Notification, event, 'Registry notification');
  const why = notAnImage({ ...target, references: target.references?.map(({ mediaType }) => mediaType) });
  if (why !== undefined) return ignored(why);
  if (target.tag === undefined && target.digest === undefined)
    throw new InvalidInput('Registry notification: neither tag nor digest', 'target');
  const registry = parseWith(RegistryHost, options.registry ?? request?.host, 'Registry notification: request.host');
  const { repository, tag, digest } = target;
  return delivered(triggers(imageTrigger({ action, registry, repository, tag, digest })), id);
}
