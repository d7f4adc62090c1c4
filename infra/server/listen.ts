import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';

export interface Listener {
  start(): Promise<{ url: string; port: number }>;
  /** From now on `/readyz` says 200. */
  ready(): void;
  /** Takes nothing new, waits for the requests that are under way, and cuts what is left after two seconds. */
  stop(): Promise<void>;
}

/** Slow senders hold a connection no longer than this; the API server waits one second. */
const patience = { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 65_000 };
const stopMilliseconds = 2_000;

/** An application on a port, with `/healthz` and `/readyz`. */
export function listen(app: Hono, { host, port }: { host: string; port: number }): Listener {
  let isReady = false;
  let server: ServerType | undefined;
  app.get('/healthz', (context) => context.text('ok'));
  app.get('/readyz', (context) => (isReady ? context.text('ok') : context.text('not ready', 503)));
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server = serve(
          { fetch: app.fetch, hostname: host, port, serverOptions: patience },
          ({ port: bound }: AddressInfo) =>
            resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound }),
        );
        server.once('error', reject);
      }),
    ready: () => {
      isReady = true;
    },
    stop: async () => {
      isReady = false;
      if (server !== undefined) await close(server);
    },
  };
}

function close(server: ServerType): Promise<void> {
  const http = 'closeIdleConnections' in server ? server : undefined;
  return new Promise((resolve) => {
    const idle = setInterval(() => http?.closeIdleConnections(), 50);
    const cut = setTimeout(() => http?.closeAllConnections(), stopMilliseconds);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
  });
}
