import type { Buffer } from 'node:buffer';
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { SelfSigned } from './self-signed.ts';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
}

/** Answers a request; a rule that writes the response itself (to break it) returns nothing. */
export type Rule = (request: Seen, response: ServerResponse) => Answer | undefined;

export interface Double {
  /** `127.0.0.1:<port>` */
  host: string;
  port: number;
  url: string;
  /** What arrived, in order. */
  seen: Seen[];
  /** `METHOD /path` of what arrived. */
  lines(): string[];
  /** Replaces the rule. */
  answer(rule: Rule): void;
  close(): Promise<void>;
}

/** A registry (or token service, or object store) that does what a test says. */
export async function startDouble(initial: Rule, tls?: SelfSigned): Promise<Double> {
  const seen: Seen[] = [];
  let rule = initial;
  const listener: RequestListener = async (request, response) => {
    const { method = '', url = '', headers } = request;
    const entry = { method, url, headers, body: await buffer(request) };
    seen.push(entry);
    const answer = rule(entry, response);
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    lines: () => seen.map(({ method, url }) => `${method} ${url}`),
    answer(next) {
      rule = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The rule of the first prefix of `METHOD /path` that fits; anything else is a registry's 404. */
export function routes(table: Record<string, Rule | Answer>): Rule {
  return (request, response) => {
    const line = `${request.method} ${request.url}`;
    const found = Object.entries(table).find(([prefix]) => line.startsWith(prefix))?.[1];
    return typeof found === 'function' ? found(request, response) : (found ?? ociError(404, 'MANIFEST_UNKNOWN'));
  };
}

export function ociError(status: number, code: string, headers: Record<string, string | string[]> = {}): Answer {
  return { status, headers, body: JSON.stringify({ errors: [{ code, message: 'a message that may hold secrets' }] }) };
}
