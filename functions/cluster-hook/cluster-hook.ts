import * as z from 'zod';
import type { ChangeOptions } from '../../shared/events/changes/change.ts';
import { decodeEvent } from '../../shared/events/decode-event.ts';
import { allTriggers, type Decoded } from '../../shared/events/decoded.ts';
import { route } from '../../shared/events/route.ts';
import { secretMatches } from '../../shared/events/secret-matches.ts';
import { admissionReview } from '../../shared/events/sources/admission-review.ts';
import { argoResource } from '../../shared/events/sources/argo-resource.ts';
import { knativeApiServer } from '../../shared/events/sources/knative-api-server.ts';
import { ownEvent } from '../../shared/events/sources/own-event.ts';
import { acceptEvents, type DoorPorts } from '../../shared/runtime/accept-events.ts';
import type { Door, DoorAnswer, DoorRequest } from '../../shared/runtime/door.ts';
import { readBody } from '../../shared/runtime/read-body.ts';
import { within } from '../../shared/runtime/within.ts';

export interface ClusterHookOptions extends ChangeOptions {
  /** This cluster's; two while one is rotated. They stand in the path, since a hook's URL can bear nothing else. */
  secrets: readonly string[];
  /** A review comes before its write: what it leads to waits that long. */
  reviewDelaySeconds: number;
}

/** What the hooks of infra/kubernetes call; any review may come by any of them. */
const reviewParts: ReadonlySet<string> = new Set(['node', 'rollout', 'job', 'module', 'input']);

/** The API server waits one second, in the way of every write that it asks about. */
const publishMilliseconds = 600;

/** The door for the cluster: its reviews, and CloudEvents (Knative's and our own), Argo's events. It only says where to look. */
export function clusterHook(options: ClusterHookOptions, ports: DoorPorts): Door {
  return {
    paths: ['/cluster/:secret/:part'],
    knows: ({ secret = '', part = '' }) =>
      secretMatches(secret, options.secrets) && (part === 'events' || reviewParts.has(part)),
    receive: (request) =>
      request.parts['part'] === 'events'
        ? receiveEvent(request, options, ports)
        : receiveReview(request, options, ports),
  };
}

/** Always allowed, whatever became of it: we watch, we don't judge. What is lost here the sweep finds. */
async function receiveReview(
  { headers, body }: DoorRequest,
  options: ClusterHookOptions,
  ports: DoorPorts,
): Promise<DoorAnswer> {
  const review = readBody(body);
  try {
    const decoded =
      review.kind === 'poison' ? [review] : admissionReview.decode({ headers, body: review.body }, options);
    await queueReview(decoded, options, ports);
  } catch (error) {
    ports.logger.error('Review could not be queued', { error });
  }
  const uid = review.kind === 'body' ? uidOf(review.body) : '';
  return {
    status: 200,
    body: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } },
  };
}

async function queueReview(
  decoded: readonly Decoded[],
  options: ClusterHookOptions,
  { bus, logger }: DoorPorts,
): Promise<void> {
  for (const item of decoded) {
    if (item.kind === 'poison') logger.error('Poison review', { reason: item.error.message });
    if (item.kind === 'ignored') logger.debug('Review ignored', { why: item.why });
  }
  const messages = route(allTriggers(decoded), options.reviewDelaySeconds);
  if (messages.length === 0) return;
  logger.info('Review received', { triggers: messages.map(({ trigger }) => trigger) });
  if ((await within(bus.publish(messages), publishMilliseconds)) === 'late') {
    logger.warn('The queue is slow: the review is answered before it is queued', { milliseconds: publishMilliseconds });
  }
}

function receiveEvent(
  { headers, body }: DoorRequest,
  options: ClusterHookOptions,
  ports: DoorPorts,
): Promise<DoorAnswer> {
  const event = readBody(body);
  const decoded =
    event.kind === 'poison'
      ? [event]
      : decodeEvent({ headers, body: event.body }, options, [ownEvent, knativeApiServer, argoResource]);
  return acceptEvents(decoded, ports, { from: 'cluster', poison: 'refuse' });
}

function uidOf(review: unknown): string {
  const parsed = z.object({ request: z.object({ uid: z.string().max(128) }) }).safeParse(review);
  return parsed.success ? parsed.data.request.uid : '';
}
