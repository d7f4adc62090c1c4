import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { readObject } from '../../kubernetes/read-object.ts';
import { resources } from '../../kubernetes/resources.ts';
import { isWatchedKind, triggersOf, type WatchedKind } from '../changes/triggers-of.ts';
import { type Decoded, decodeItem, ignored } from '../decoded.ts';
import type { NodeTrigger, Trigger } from '../trigger.ts';
import { cloudEventTypes, type Envelope, readCloudEvents } from './cloud-event.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Knative's ApiServerSource, binary mode: an event for every write, without the old object. Mode `Reference` (its default)
 * only names the object; mode `Resource` brings the whole of it, which gives a node's hints:
 * ```
 * ce-specversion: 1.0
 * ce-type: dev.knative.apiserver.ref.add
 * ce-source: https://10.96.0.1:443
 * ce-subject: /apis/v1/namespaces//nodes/k1
 * ce-id: 84c0260e-5c36-4acf-9b03-11301bfdd1dc
 * ce-kind: Node
 * ce-apiversion: v1
 * ce-name: k1
 * ce-namespace:
 *
 * {"kind":"Node","name":"k1","apiVersion":"v1"}
 * ```
 * https://knative.dev/docs/eventing/sources/apiserversource/
 */
export const knativeApiServer: EventSource = {
  recognise: (event) => cloudEventTypes(event).some((type) => typeGrammar.test(type)),
  verify: verifySharedSecret,
  decode: (event, options) => readCloudEvents(event).map((read) => decodeItem(() => decode(read(), options))),
  poison: 'absorb',
};

const typeGrammar = /^dev\.knative\.apiserver\.(resource|ref)\.(add|update|delete)$/;

const ObjectReference = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string().min(1).max(253),
  namespace: z.string().max(253).optional(),
});

function decode(event: Envelope, options: DecodeOptions): Decoded {
  const [, mode, verb] = typeGrammar.exec(event.type) ?? [];
  if (verb === undefined) return ignored('not an event of an ApiServerSource');
  const { kind, apiVersion } = parseWith(
    z.object({ apiVersion: z.string(), kind: z.string() }),
    event.data,
    event.type,
  );
  if (!isWatchedKind(kind) || apiVersion !== resources[kind].apiVersion) return ignored('not a kind that we follow');
  const found = mode === 'ref' ? fromReference(kind, verb, event) : fromObject(kind, verb, event, options);
  return found.length > 0 ? { kind: 'triggers', triggers: found } : ignored('nothing in it that we read');
}

function fromReference(kind: WatchedKind, verb: string, { type, data }: Envelope): Trigger[] {
  const { name, namespace } = parseWith(ObjectReference, data, type);
  if (kind === 'Node') return [{ kind: 'node', name, change: nodeChange(verb) }];
  if (kind === 'Module' && namespace) return [{ kind: 'module', namespace, name, deleted: verb === 'delete' }];
  if (kind === 'ConfigMap' && namespace) return [{ kind: 'dockerfile', namespace, configMap: name }];
  // A bare name tells neither the Module nor the node of a pod, a DaemonSet or a Job: take mode Resource for those.
  return [];
}

/**
 * Without the old object every update counts: a node's may be its first event (a lost `add` is not sent again), a pod's may be
 * a container that is not ready any more. What went is read as if it changed for the last time.
 */
function fromObject(kind: WatchedKind, verb: string, { type, data }: Envelope, options: DecodeOptions): Trigger[] {
  const object = readObject(kind, data, type);
  const whole = verb === 'delete' || (verb === 'update' && (kind === 'Pod' || kind === 'DaemonSet'));
  const found = triggersOf(kind, whole ? { before: object } : { after: object }, options);
  return found.map((trigger) => (trigger.kind === 'node' ? { ...trigger, change: nodeChange(verb) } : trigger));
}

function nodeChange(verb: string): NodeTrigger['change'] {
  if (verb === 'add') return 'joined';
  return verb === 'delete' ? 'left' : 'changed';
}
