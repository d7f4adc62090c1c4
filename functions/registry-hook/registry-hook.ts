import type { ChangeOptions } from '../../shared/events/changes/change.ts';
import { KeysUnavailable } from '../../shared/events/sources/oidc-token.ts';
import type { SignedRequest, VerifyKeys } from '../../shared/events/sources/source.ts';
import { type SourceName, sources } from '../../shared/events/sources/sources.ts';
import { stampForce } from '../../shared/events/stamp-force.ts';
import { acceptEvents, type DoorPorts } from '../../shared/runtime/accept-events.ts';
import type { Door, DoorAnswer, DoorRequest } from '../../shared/runtime/door.ts';
import { readBody } from '../../shared/runtime/read-body.ts';
import { createRecentDeliveries, type RecentDeliveries } from '../../shared/runtime/recent-deliveries.ts';
import { webhookHandshake } from '../../shared/runtime/webhook-handshake.ts';

/** A configured sender; it has what its source needs to prove itself, or it would not have been started. */
export interface RegistrySource extends VerifyKeys {
  source: SourceName;
  name: string;
  /** What image references call this registry, when its events don't say so. */
  registry?: string;
}

export interface RegistryHookPorts extends DoorPorts {
  now: () => Date;
}

/** The door for registries' webhooks and manual calls. Who can't prove to be a configured sender queues nothing. */
export function registryHook(
  senders: readonly RegistrySource[],
  options: ChangeOptions,
  ports: RegistryHookPorts,
): Door {
  const recent = createRecentDeliveries(ports.now);
  const find = (parts: DoorRequest['parts']) =>
    senders.find(({ source, name }) => source === parts['source'] && name === parts['name']);
  const admitted = async (request: DoorRequest, answer: (sender: RegistrySource) => Promise<DoorAnswer>) => {
    const sender = find(request.parts);
    if (sender === undefined) return { status: 404 } as const;
    return (await refusal(sender, request, ports)) ?? answer(sender);
  };
  return {
    paths: ['/events/:source/:name', '/events/:source/:name/:secret'],
    knows: (parts) => find(parts) !== undefined,
    receive: (request) => admitted(request, (sender) => receive(sender, request, { options, ports, recent })),
    shakeHands: (request) => admitted(request, async () => webhookHandshake(request)),
  };
}

/** The answer to a sender that did not prove itself; `undefined`: it did. A handshake has no body to sign: a secret proves it. */
async function refusal(
  sender: RegistrySource,
  { parts, headers, body }: DoorRequest,
  { logger, now }: RegistryHookPorts,
): Promise<DoorAnswer | undefined> {
  const from = nameOf(sender);
  const secret = parts['secret'];
  const signed: SignedRequest = { headers, body, ...(secret !== undefined && { pathSecret: secret }) };
  try {
    if (await sources[sender.source].verify(signed, sender, now())) return undefined;
  } catch (error) {
    if (!(error instanceof KeysUnavailable)) throw error;
    logger.error('Event could not be checked', { from, error });
    return { status: 503, body: { message: 'not queued, send it again' } };
  }
  logger.warn('Event refused: it bears no secret or signature of its source', { from });
  return { status: 401 };
}

async function receive(
  sender: RegistrySource,
  { headers, body }: DoorRequest,
  { options, ports, recent }: { options: ChangeOptions; ports: RegistryHookPorts; recent: RecentDeliveries },
): Promise<DoorAnswer> {
  const source = sources[sender.source];
  const from = nameOf(sender);
  const event = readBody(body);
  const decoded =
    event.kind === 'poison'
      ? [event]
      : source.decode(
          { headers, body: event.body },
          { ...options, ...(sender.registry !== undefined && { registry: sender.registry }) },
        );
  const news = recent.absorb(from, stampForce(decoded, ports.now()));
  const answer = await acceptEvents(news, ports, { from, poison: source.poison });
  if (answer.status !== 503) recent.remember(from, news);
  return answer;
}

function nameOf({ source, name }: RegistrySource): string {
  return `${source}/${name}`;
}
