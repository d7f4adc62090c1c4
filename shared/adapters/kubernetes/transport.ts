import * as http from 'node:http';
import * as https from 'node:https';
import { ClusterError } from '../../ports/errors.ts';
import type { KubernetesConnection } from './connection.ts';
import { readBounded } from './read-bounded.ts';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With the query. */
  path: string;
  contentType?: string;
  body?: string;
}

export interface ApiAnswer {
  status: number;
  retryAfter: string | undefined;
  text: string;
}

export interface TransportOptions {
  maxConnections: number;
  /** For one attempt, headers and body. */
  timeoutMs: number;
  maxAnswerBytes: number;
  userAgent: string;
}

/** One HTTP exchange over kept-alive connections; whatever status came is the answer. Throws ClusterError when none did. */
export type Transport = (request: ApiRequest) => Promise<ApiAnswer>;

export function createTransport(connection: KubernetesConnection, options: TransportOptions): Transport {
  const base = new URL(connection.server);
  assertSafe(base);
  const secure = base.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: options.maxConnections, scheduling: 'lifo' } as const;
  const agent = secure ? new https.Agent({ ...agentOptions, ...tlsOptions(connection) }) : new http.Agent(agentOptions);
  const prefix = base.pathname.replace(/\/$/, '');

  return async (request) => {
    const attempt = `${request.method} ${request.path}`;
    const signal = AbortSignal.timeout(options.timeoutMs);
    try {
      const headers = await headersOf(request, connection, options.userAgent);
      const response = await send(headers, request, signal);
      const text = await readBounded(response, options.maxAnswerBytes, attempt);
      return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text };
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      throw new ClusterError(
        'UNAVAILABLE',
        `${attempt} at ${base.host}: ${faultOf(error, signal, options.timeoutMs)}`,
        { cause: error },
      );
    }
  };

  function send(
    headers: http.OutgoingHttpHeaders,
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const target = new URL(`${prefix}${request.path}`, base);
      const call = (secure ? https : http).request(target, { method: request.method, headers, agent, signal }, resolve);
      call.on('error', reject);
      call.end(request.body);
    });
  }
}

function assertSafe(server: URL): void {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(server.hostname);
  if (server.protocol === 'https:' || (server.protocol === 'http:' && loopback)) return;
  throw new ClusterError('INVALID', `The API server ${server.origin} must be https (plain http only on loopback)`);
}

function tlsOptions(connection: KubernetesConnection): https.AgentOptions {
  const { ca, clientCert, clientKey, tlsServerName, insecureSkipTlsVerify } = connection;
  return {
    ...(ca ? { ca } : {}),
    ...(clientCert && clientKey ? { cert: clientCert, key: clientKey } : {}),
    ...(tlsServerName ? { servername: tlsServerName } : {}),
    ...(insecureSkipTlsVerify ? { rejectUnauthorized: false } : {}),
  };
}

async function headersOf(
  request: ApiRequest,
  connection: KubernetesConnection,
  userAgent: string,
): Promise<http.OutgoingHttpHeaders> {
  const token = await connection.token?.();
  return {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(request.body === undefined ? {} : bodyHeaders(request.body, request.contentType ?? 'application/json')),
  };
}

function bodyHeaders(body: string, contentType: string): http.OutgoingHttpHeaders {
  return { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
}

function faultOf(error: unknown, signal: AbortSignal, timeoutMs: number): string {
  if (signal.aborted) return `no answer within ${timeoutMs} ms`;
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return `${error instanceof Error ? error.message : String(error)}${code}`;
}
