import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, ignored, triggers } from '../decoded.ts';
import { routes } from '../route.ts';
import { TriggerSchema } from '../trigger-schema.ts';
import { cloudEventTypes, decodeCloudEvents, type Envelope } from './cloud-event.ts';
import { DigestText, RegistryHost, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/** Our event types: this and the kind of the trigger that the event carries. */
export const ownTypePrefix = 'io.k8s.sigs.kmm.';

/**
 * A CloudEvent that carries a Trigger, in structured, binary or batch mode; `kind` may be left to the type. Structured:
 * ```json
 * {"specversion":"1.0","id":"7","source":"/ci/builds","type":"io.k8s.sigs.kmm.resolve","datacontenttype":"application/json",
 *  "data":{"cause":"manual","scope":{"namespace":"drivers","module":"nic"},"force":true}}
 * ```
 * A pipeline that pushed an image says `io.k8s.sigs.kmm.image`, with
 * ```json
 * {"action":"push","registry":"registry.example:5000","repository":"drivers/nic","tag":"6.1.0","digest":"sha256:5886…"}
 * ```
 */
export const ownEvent: EventSource = {
  recognise: (event) => cloudEventTypes(event).some((type) => type.startsWith(ownTypePrefix)),
  verify: verifySharedSecret,
  decode: (event, options) => decodeCloudEvents(event, (envelope) => decode(envelope, options)),
  poison: 'refuse',
};

function decode({ type, data }: Envelope, { registry }: DecodeOptions): Decoded {
  const kind = type.slice(ownTypePrefix.length);
  if (!type.startsWith(ownTypePrefix) || !Object.hasOwn(routes, kind)) return ignored('not a type of ours');
  const fields = parseWith(kind === 'image' ? ImageFields : z.looseObject({}), data, `CloudEvent ${type}`);
  const name = kind === 'image' && registry !== undefined && { registry };
  return triggers(parseWith(TriggerSchema, { ...fields, ...name, kind }, `CloudEvent ${type}`));
}

/** Written by people, so that a name which no reference can have is told to them, and does not just find nothing. */
const ImageFields = z
  .looseObject({
    registry: RegistryHost,
    repository: RepositoryName,
    tag: TagName.optional(),
    digest: DigestText.optional(),
  })
  .refine(({ tag, digest }) => tag !== undefined || digest !== undefined, 'expected a tag or a digest');
