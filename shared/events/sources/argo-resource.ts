import * as z from 'zod';
import { parseJson, parseWith } from '../../kmm/parse.ts';
import { readObject } from '../../kubernetes/read-object.ts';
import { type Kinds, resources } from '../../kubernetes/resources.ts';
import type { Change } from '../changes/change.ts';
import { isWatchedKind, triggersOf, type WatchedKind } from '../changes/triggers-of.ts';
import { type Decoded, decodeItem, ignored } from '../decoded.ts';
import type { Trigger } from '../trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Argo Events' resource source, sent on by a Sensor's HTTP trigger, with the old object of an update: heartbeats end here.
 * ```json
 * {"context":{"type":"resource","specversion":"1.0","source":"kmm-nodes","id":"3536…","time":"2026-08-01T00:00:00Z",
 *   "datacontenttype":"application/json","subject":"nodes"},
 *  "data":{"type":"UPDATE","group":"","version":"v1","resource":"nodes","metadata":{},
 *   "body":{"metadata":{"name":"a1"},"status":{"nodeInfo":{"kernelVersion":"6.1.0-2","bootID":"b2","architecture":"amd64"}}},
 *   "oldBody":{"metadata":{"name":"a1"},"status":{"nodeInfo":{"kernelVersion":"6.1.0-1","bootID":"b1","architecture":"amd64"}}}}}
 * ```
 * What the trigger sends is put together by its `payload`, so `data` may also come bare, and an object as text (a `dataKey`
 * without `useRawData`). One entry for each of type, group, version, resource, body and oldBody:
 * `{src: {dependencyName: nodes, dataKey: body, useRawData: true}, dest: data.body}`.
 * https://argoproj.github.io/argo-events/eventsources/setup/resource/
 */
export const argoResource: EventSource = {
  recognise: ({ body }) => ResourceEvent.safeParse(unwrapped(body)).success,
  verify: verifySharedSecret,
  decode: ({ body }, options) => [decodeItem(() => decode(unwrapped(body), options))],
  poison: 'absorb',
};

const KubernetesObject = z.union([z.looseObject({}), z.string().startsWith('{')]);
const ResourceEvent = z.object({
  type: z.enum(['ADD', 'UPDATE', 'DELETE']),
  group: z.string().nullish(),
  version: z.string(),
  resource: z.string(),
  body: KubernetesObject,
  oldBody: z.union([KubernetesObject, z.literal('')]).nullish(),
});
type ResourceEvent = z.infer<typeof ResourceEvent>;

function unwrapped(body: unknown): unknown {
  const whole = z.object({ context: z.object({ type: z.literal('resource') }), data: z.unknown() }).safeParse(body);
  return whole.success ? whole.data.data : body;
}

function decode(body: unknown, options: DecodeOptions): Decoded {
  const event = parseWith(ResourceEvent, body, 'Argo resource event');
  const kind = kindOf(event);
  if (kind === undefined) return ignored('not a kind that we follow');
  const found = triggersIn(kind, event, options);
  return found.length > 0 ? { kind: 'triggers', triggers: found } : ignored('nothing changed that we read');
}

function kindOf({ group, version, resource }: ResourceEvent): WatchedKind | undefined {
  const apiVersion = group ? `${group}/${version}` : version;
  const names = Object.entries(resources).find(
    ([, known]) => known.plural === resource && known.apiVersion === apiVersion,
  );
  return names !== undefined && isWatchedKind(names[0]) ? names[0] : undefined;
}

function triggersIn(kind: WatchedKind, event: ResourceEvent, options: DecodeOptions): Trigger[] {
  const change = changeOf(kind, event);
  const found = triggersOf(kind, change, options);
  // An update whose old object was left out of the payload looks like an object that appeared.
  const blind = event.type === 'UPDATE' && change.before === undefined;
  return blind
    ? found.map((trigger) => (trigger.kind === 'node' ? { ...trigger, change: 'changed' } : trigger))
    : found;
}

function changeOf<K extends WatchedKind>(kind: K, { type, body, oldBody }: ResourceEvent): Change<Kinds[K]> {
  const read = (object: z.infer<typeof KubernetesObject>, which: string) => {
    const what = `Argo resource event: ${which} of kind ${kind}`;
    return readObject(kind, typeof object === 'string' ? parseJson(object, what) : object, what);
  };
  if (type === 'DELETE') return { before: read(body, 'body') };
  const after = read(body, 'body');
  return type === 'UPDATE' && oldBody ? { before: read(oldBody, 'oldBody'), after } : { after };
}
