import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Logger } from '../../shared/ports/logger.ts';
import { followTlsFiles, readTlsPair, type TlsFiles } from './tls.ts';

export interface ListenOptions {
  host: string;
  port: number;
  /** Serve https with these, and with what renews them. */
  tls?: TlsFiles;
  logger: Logger;
}

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
export function listen(app: Hono, { host, port, tls, logger }: ListenOptions): Listener {
  let isReady = false;
  let server: ServerType | undefined;
  let unfollow: (() => void) | undefined;
  const scheme = tls === undefined ? 'http' : 'https';
  app.get('/healthz', (context) => context.text('ok'));
  app.get('/readyz', (context) => (isReady ? context.text('ok') : context.text('not ready', 503)));
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server = serve(
          { fetch: app.fetch, hostname: host, port, ...serverOptions(tls) },
          ({ port: bound }: AddressInfo) =>
            resolve({ url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound }),
        );
        server.once('error', reject);
        if (tls !== undefined) unfollow = followTlsFiles(tls, renew(server), logger);
      }),
    ready: () => {
      isReady = true;
    },
    stop: async () => {
      isReady = false;
      unfollow?.();
      if (server !== undefined) await close(server);
    },
  };
}

function serverOptions(tls: TlsFiles | undefined) {
  if (tls === undefined) return { serverOptions: patience };
  return { createServer: https.createServer, serverOptions: { ...patience, ...readTlsPair(tls) } };
}

/** Connections that stand keep the certificate that they were made with. */
function renew(server: ServerType) {
  return (pair: { cert: string; key: string }): void => {
    if ('setSecureContext' in server) server.setSecureContext(pair);
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
