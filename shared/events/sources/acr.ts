import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered, ignored, triggers } from '../decoded.ts';
import { cloudEventTypes, decodeCloudEvents } from './cloud-event.ts';
import { notAnImage } from './image-content.ts';
import { DigestText, imageTrigger, RegistryHost, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource, IncomingEvent } from './source.ts';

/**
 * Azure Container Registry: its own webhook (the secret in a custom header), or Event Grid in the schema of CloudEvents (the
 * secret in the address, which its OPTIONS handshake has to bear too). An image that is deleted names its digest only.
 * ```json
 * {"id":"cb8c3971-9adc-488b-bdd8-43cbb4974ff5","timestamp":"2026-08-01T00:00:00.343145347Z","action":"push",
 *  "target":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":524,"length":524,
 *   "digest":"sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175","repository":"drivers/nic","tag":"6.1.0"},
 *  "request":{"id":"3cbb6949-7549-4fa1-86cd-a6d5451dffc7","host":"acme.azurecr.io","method":"PUT","useragent":"docker/27.0"}}
 * {"specversion":"1.0","id":"831e1650-001e-001b-66ab-eeb76e069631","type":"Microsoft.ContainerRegistry.ImagePushed",
 *  "source":"/subscriptions/…/providers/Microsoft.ContainerRegistry/registries/acme","subject":"drivers/nic:6.1.0",
 *  "time":"2026-08-01T00:00:00.6549614Z","data":{"id":"31c51664-e5bd-416a-a5df-e5206bc47ed0","action":"push",…}}
 * ```
 * https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference
 * https://learn.microsoft.com/azure/event-grid/event-schema-container-registry
 */
export const acr: EventSource = {
  recognise: (event) => isCloudEvent(event) || Notification.safeParse(event.body).success,
  verify: verifySharedSecret,
  decode: (event, options) =>
    isCloudEvent(event)
      ? decodeCloudEvents(event, ({ type, data }) => decodeCloudEvent(type, data, options))
      : [decodeItem(() => decodeWebhook(event.body, options))],
  poison: 'absorb',
};

const typePrefix = 'Microsoft.ContainerRegistry.';

function isCloudEvent(event: IncomingEvent): boolean {
  return cloudEventTypes(event).some((type) => type.startsWith(typePrefix));
}

/** A ping has no target. */
const Notification = z.object({
  id: z.string(),
  timestamp: z.string(),
  action: z.string(),
  target: z.object({ repository: z.string() }).optional(),
});

const ImageAction = z.object({
  target: z.object({
    mediaType: z.string().optional(),
    repository: RepositoryName,
    tag: TagName.nullish().transform((tag) => tag ?? undefined),
    digest: DigestText.nullish().transform((digest) => digest ?? undefined),
  }),
  request: z.object({ host: z.string().optional() }).nullish(),
});

const eventActions = new Map<string, 'push' | 'delete'>([
  [`${typePrefix}ImagePushed`, 'push'],
  [`${typePrefix}ImageDeleted`, 'delete'],
]);

function decodeCloudEvent(type: string, data: unknown, options: DecodeOptions): Decoded {
  const action = eventActions.get(type);
  return action === undefined ? ignored('neither a push nor a delete of an image') : decode(action, data, options);
}

function decodeWebhook(body: unknown, options: DecodeOptions): Decoded {
  if (Array.isArray(body)) {
    throw new InvalidInput('ACR event: a list: choose "Cloud Event Schema v1.0" for the Event Grid subscription');
  }
  const { id, action } = parseWith(Notification, body, 'ACR webhook');
  if (action === 'ping') return ignored('a ping');
  if (action !== 'push' && action !== 'delete') return ignored('neither a push nor a delete of an image');
  return delivered(decode(action, body, options), id);
}

function decode(action: 'push' | 'delete', data: unknown, options: DecodeOptions): Decoded {
  const { target, request } = parseWith(ImageAction, data, 'ACR event');
  const why = notAnImage(target);
  if (why !== undefined) return ignored(why);
  const { repository, tag, digest } = target;
  if (tag === undefined && digest === undefined) throw new InvalidInput('ACR event: neither tag nor digest', 'target');
  const registry = parseWith(RegistryHost, options.registry ?? request?.host, 'ACR event: request.host');
  return triggers(imageTrigger({ action, registry, repository, tag, digest }));
}
