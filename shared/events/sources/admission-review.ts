import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { readObject } from '../../kubernetes/read-object.ts';
import { type Kinds, resources } from '../../kubernetes/resources.ts';
import type { Change } from '../changes/change.ts';
import { isWatchedKind, triggersOf, type WatchedKind } from '../changes/triggers-of.ts';
import { type Decoded, decodeItem, ignored } from '../decoded.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * A review that the API server asks of a ValidatingWebhookConfiguration, before it writes. It proves little and may show a
 * write that never lands: a hint. Cut down from a recorded one:
 * ```json
 * {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{
 *   "uid":"f9d456d7-69b2-4514-9dbd-baac10863e04","kind":{"group":"","version":"v1","kind":"Node"},
 *   "resource":{"group":"","version":"v1","resource":"nodes"},"subResource":"status","name":"a1","operation":"UPDATE",
 *   "object":{"metadata":{"name":"a1"},"status":{"nodeInfo":{"kernelVersion":"6.1.0-2","bootID":"b1","architecture":"amd64"}}},
 *   "oldObject":{"metadata":{"name":"a1"},"status":{"nodeInfo":{"kernelVersion":"6.1.0-1","bootID":"b1","architecture":"amd64"}}},
 *   "dryRun":false}}
 * ```
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 */
export const AdmissionReview = z.object({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.object({
    uid: z.string().min(1).max(128),
    kind: z.object({ group: z.string(), kind: z.string() }),
    /** Missing when a collection is deleted: the old object has it. */
    name: z.string().optional(),
    namespace: z.string().optional(),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    dryRun: z.boolean().nullish(),
    object: z.unknown().optional(),
    oldObject: z.unknown().optional(),
  }),
});
export type AdmissionReview = z.infer<typeof AdmissionReview>;

export const admissionReview: EventSource = {
  recognise: ({ body }) => z.object({ kind: z.literal('AdmissionReview') }).safeParse(body).success,
  verify: verifySharedSecret,
  decode: ({ body }, options) => [
    decodeItem(() => decode(parseWith(AdmissionReview, body, 'AdmissionReview').request, options)),
  ],
  poison: 'absorb',
};

function decode(request: AdmissionReview['request'], options: DecodeOptions): Decoded {
  if (request.dryRun === true) return ignored('a dry run');
  if (request.operation === 'CONNECT') return ignored('CONNECT changes nothing');
  const { kind, group } = request.kind;
  if (!isWatchedKind(kind) || group !== groupOf(kind)) return ignored('not a kind that we follow');
  const triggers = triggersOf(kind, changeOf(kind, request), options);
  return triggers.length > 0 ? { kind: 'triggers', triggers } : ignored('nothing changed that we read');
}

function groupOf(kind: WatchedKind): string {
  const { apiVersion } = resources[kind];
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function changeOf<K extends WatchedKind>(kind: K, request: AdmissionReview['request']): Change<Kinds[K]> {
  const read = (object: unknown, which: string) =>
    readObject(kind, withName(object, request), `AdmissionReview: ${which} of kind ${kind}`);
  return {
    ...(request.operation !== 'CREATE' && { before: read(request.oldObject, 'oldObject') }),
    ...(request.operation !== 'DELETE' && { after: read(request.object, 'object') }),
  };
}

/** The object's own name and namespace, or else the request's. */
function withName(object: unknown, { name, namespace }: AdmissionReview['request']): unknown {
  const parsed = z.looseObject({ metadata: z.looseObject({}) }).safeParse(object);
  if (!parsed.success) return object;
  const fallback = { ...(name && { name }), ...(namespace && { namespace }) };
  return { ...parsed.data, metadata: { ...fallback, ...parsed.data.metadata } };
}
