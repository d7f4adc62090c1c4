import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import type { Happening } from './happening.ts';
import { createListener, type ListenerOptions } from './listener.ts';
import { toNotificationEvent } from './notification-event.ts';

/** Tells every listener what happens, as CNCF Distribution does. */
export interface Notifications {
  announce(happening: Happening, request: IncomingMessage): void;
  close(): Promise<void>;
}

export interface NotificationsOptions {
  notify: readonly ListenerOptions[];
  scheme: 'http' | 'https';
  /** The user whose password lets one in. */
  actor: string | undefined;
}

export function createNotifications({ notify, scheme, actor }: NotificationsOptions): Notifications {
  const listeners = notify.map(createListener);
  const instanceID = randomUUID();
  // Several events of one request bear one request id.
  const requestIds = new WeakMap<IncomingMessage, string>();

  function requestId(request: IncomingMessage): string {
    const id = requestIds.get(request) ?? randomUUID();
    requestIds.set(request, id);
    return id;
  }

  return {
    announce: (happening, request) => {
      const { socket, headers, method = '' } = request;
      const event = toNotificationEvent(happening, {
        id: randomUUID(),
        timestamp: new Date().toISOString(),
        scheme,
        request: {
          id: requestId(request),
          addr: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`,
          host: headers.host ?? '',
          method,
          useragent: headers['user-agent'] ?? '',
        },
        actor,
        source: { addr: `${hostname()}:${socket.localPort ?? ''}`, instanceID },
      });
      for (const listener of listeners) listener.tell(happening.action, event);
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}
