import type { ChangeOptions } from '../../shared/events/changes/change.ts';
import type { VerifyKeys } from '../../shared/events/sources/source.ts';
import { type SourceName, sources } from '../../shared/events/sources/sources.ts';
import { stampForce } from '../../shared/events/stamp-force.ts';
import { acceptEvents, type DoorPorts } from '../../shared/runtime/accept-events.ts';
import type { Door, DoorAnswer, DoorRequest } from '../../shared/runtime/door.ts';
import { readBody } from '../../shared/runtime/read-body.ts';

/** A configured sender; it has at least one secret, or it would not have been started. */
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
  const find = (parts: DoorRequest['parts']) =>
    senders.find(({ source, name }) => source === parts['source'] && name === parts['name']);
  return {
    paths: ['/events/:source/:name', '/events/:source/:name/:secret'],
    knows: (parts) => find(parts) !== undefined,
    receive: async (request) => {
      const sender = find(request.parts);
      return sender === undefined ? { status: 404 } : receive(sender, request, options, ports);
    },
  };
}

async function receive(
  sender: RegistrySource,
  { parts, headers, body }: DoorRequest,
  options: ChangeOptions,
  ports: RegistryHookPorts,
): Promise<DoorAnswer> {
  const source = sources[sender.source];
  const from = `${sender.source}/${sender.name}`;
  const secret = parts['secret'];
  const signed = { headers, body, ...(secret !== undefined && { pathSecret: secret }) };
  if (!(await source.verify(signed, sender, ports.now()))) {
    ports.logger.warn('Event refused: it bears no secret or signature of its source', { from });
    return { status: 401 };
  }
  const event = readBody(body);
  const decoded =
    event.kind === 'poison'
      ? [event]
      : source.decode(
          { headers, body: event.body },
          { ...options, ...(sender.registry !== undefined && { registry: sender.registry }) },
        );
  return acceptEvents(stampForce(decoded, ports.now()), ports, { from, poison: source.poison });
}
