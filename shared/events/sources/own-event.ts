import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, ignored, triggers } from '../decoded.ts';
import { routes } from '../route.ts';
import { TriggerSchema } from '../trigger-schema.ts';
import { cloudEventTypes, decodeCloudEvents, type Envelope } from './cloud-event.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { EventSource } from './source.ts';

/** Our event types: this and the kind of the trigger that the event carries. */
export const ownTypePrefix = 'io.k8s.sigs.kmm.';

/**
 * A CloudEvent that carries a Trigger, in structured, binary or batch mode; `kind` may be left to the type. Structured:
 * ```json
 * {"specversion":"1.0","id":"7","source":"/ci/builds","type":"io.k8s.sigs.kmm.resolve","datacontenttype":"application/json",
 *  "data":{"cause":"manual","scope":{"namespace":"drivers","module":"nic"},"force":true}}
 * ```
 */
export const ownEvent: EventSource = {
  recognise: (event) => cloudEventTypes(event).some((type) => type.startsWith(ownTypePrefix)),
  verify: verifySharedSecret,
  decode: (event) => decodeCloudEvents(event, decode),
  poison: 'refuse',
};

function decode({ type, data }: Envelope): Decoded {
  const kind = type.slice(ownTypePrefix.length);
  if (!type.startsWith(ownTypePrefix) || !Object.hasOwn(routes, kind)) return ignored('not a type of ours');
  const fields = parseWith(z.looseObject({}), data, `CloudEvent ${type}`);
  return triggers(parseWith(TriggerSchema, { ...fields, kind }, `CloudEvent ${type}`));
}
