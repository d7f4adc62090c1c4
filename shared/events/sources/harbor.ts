import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, ignored, triggers } from '../decoded.ts';
import { cloudEventTypes, decodeCloudEvents } from './cloud-event.ts';
import { notAnImage } from './image-content.ts';
import { DigestText, hostOf, imageTrigger, RegistryHost, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource, IncomingEvent } from './source.ts';

/**
 * A webhook policy of a Harbor project, in either of its formats; the `Authorization` header holds the policy's text as it is.
 * An artifact with several tags names one of them, one without any has its digest as `tag`; a tag that is deleted by itself
 * is not announced. Default format, and the same in CloudEvents:
 * ```json
 * {"type":"PUSH_ARTIFACT","occur_at":1785542400,"operator":"robot$drivers+ci","event_data":{
 *   "resources":[{"digest":"sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175","tag":"6.1.0-18-amd64",
 *    "resource_url":"harbor.example:8443/drivers/nic:6.1.0-18-amd64"}],
 *   "repository":{"date_created":1785456000,"name":"nic","namespace":"drivers","repo_full_name":"drivers/nic",
 *    "repo_type":"private"}}}
 * {"specversion":"1.0","id":"4b2f89a6-548d-4c12-9993-a1f5790b97d2","source":"/projects/1/webhook/policies/3",
 *  "type":"harbor.artifact.pushed","datacontenttype":"application/json","time":"2026-08-01T00:00:00Z",
 *  "requestid":"2eedfab8-61d3-4f3c-8ec3-8f82d1ec4c84","operator":"robot$drivers+ci","data":{"resources":[…],"repository":{…}}}
 * ```
 * https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/
 */
export const harbor: EventSource = {
  recognise: (event) => isCloudEvent(event) || Notification.safeParse(event.body).success,
  verify: verifySharedSecret,
  decode: (event, options) =>
    isCloudEvent(event)
      ? decodeCloudEvents(event, ({ type, data }) => decode(type, data, options))
      : [
          decodeItem(() => {
            const { type, event_data } = parseWith(Notification, event.body, 'Harbor notification');
            return decode(type, event_data, options);
          }),
        ],
  poison: 'absorb',
};

function isCloudEvent(event: IncomingEvent): boolean {
  return cloudEventTypes(event).some((type) => type.startsWith('harbor.'));
}

const Notification = z.object({ type: z.string(), occur_at: z.number(), event_data: z.looseObject({}) });

const EventData = z.object({
  resources: z
    .array(
      z.object({
        digest: DigestText.optional(),
        tag: z.union([TagName, DigestText.transform(() => undefined)]).optional(),
        resource_url: z.string(),
      }),
    )
    .max(1000),
  repository: z.object({ repo_full_name: RepositoryName }),
});

const actions = new Map<string, 'push' | 'delete'>([
  ['PUSH_ARTIFACT', 'push'],
  ['harbor.artifact.pushed', 'push'],
  ['DELETE_ARTIFACT', 'delete'],
  ['harbor.artifact.deleted', 'delete'],
]);

function decode(type: string, data: unknown, options: DecodeOptions): Decoded {
  const action = actions.get(type);
  if (action === undefined) return ignored('neither a push nor a delete');
  const { resources, repository } = parseWith(EventData, data, 'Harbor notification');
  const images = resources.filter(({ tag }) => notAnImage({ tag }) === undefined);
  if (images.length === 0) return ignored('no image among its resources');
  return triggers(
    ...images.map(({ resource_url, tag, digest }) => {
      const registry = parseWith(
        RegistryHost,
        options.registry ?? hostOf(resource_url),
        'Harbor notification: the host in resource_url',
      );
      return imageTrigger({ action, registry, repository: repository.repo_full_name, tag, digest });
    }),
  );
}
