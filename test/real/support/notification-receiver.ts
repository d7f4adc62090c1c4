import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';

const Envelope = z.object({
  events: z.array(
    z.looseObject({
      id: z.string(),
      action: z.string(),
      target: z.looseObject({
        repository: z.string(),
        digest: z.string().optional(),
        tag: z.string().optional(),
        mediaType: z.string().optional(),
      }),
    }),
  ),
});
type NotificationEvent = z.infer<typeof Envelope>['events'][number];

/** One POST of a registry. Its `event` is the only one of the envelope. */
export interface ReceivedNotification {
  headers: IncomingHttpHeaders;
  event: NotificationEvent;
  /** How many events the envelope held. */
  count: number;
  status: number;
}

/** A loopback listener for a registry's notifications. */
export interface NotificationReceiver {
  readonly url: string;
  /** All POSTs in the order of their coming, refused ones included. */
  readonly received: readonly ReceivedNotification[];
  /** What POSTs are answered from now on; 202 at first. */
  setStatus(status: number): void;
  /** The first notification, past or to come, that fits; throws after 20 s with what came instead. */
  waitFor(what: string, fits: (notification: ReceivedNotification) => boolean): Promise<ReceivedNotification>;
  close(): Promise<void>;
}

export async function startNotificationReceiver(): Promise<NotificationReceiver> {
  const received: ReceivedNotification[] = [];
  const arrivals = new EventEmitter();
  let status = 202;
  const server = createServer(async (request, response) => {
    const { events } = Envelope.parse(await json(request));
    response.writeHead(status).end();
    const [event] = events;
    if (event !== undefined) received.push({ headers: request.headers, event, count: events.length, status });
    arrivals.emit('arrival');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  return {
    url: `http://127.0.0.1:${port}/registry-events`,
    received,
    setStatus: (next) => {
      status = next;
    },
    waitFor: async (what, fits) => {
      const signal = AbortSignal.timeout(20_000);
      for (;;) {
        const found = received.find(fits);
        if (found !== undefined) return found;
        await once(arrivals, 'arrival', { signal }).catch(() => {
          throw new Error(
            `No notification of ${what} came; received: ${received.map(({ event }) => summary(event)).join(', ')}`,
          );
        });
      }
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function summary({ action, target }: NotificationEvent): string {
  return `${action} ${target.repository}${target.tag === undefined ? '' : `:${target.tag}`} ${target.digest ?? ''}`;
}
