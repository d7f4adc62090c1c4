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
  const identity = { 'user-agent': options.userAgent, ...impersonation(connection) };

  return async (request) => {
    const token = await tokenFor(request);
    const answer = await exchange(request, token);
    if (answer.status !== 401 || token === undefined) return answer;
    // A token may be revoked or rotated before its time: what its source has by now may be another one.
    const next = await tokenFor(request, token);
    return next === token ? answer : exchange(request, next);
  };

  async function tokenFor({ method, path }: ApiRequest, refused?: string): Promise<string | undefined> {
    if (connection.token === undefined) return undefined;
    try {
      return await connection.token(refused);
    } catch (cause) {
      if (cause instanceof ClusterError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ClusterError('UNAVAILABLE', `${method} ${path}: there is no token: ${why}`, { cause });
    }
  }

  async function exchange(request: ApiRequest, token: string | undefined): Promise<ApiAnswer> {
    const attempt = `${request.method} ${request.path}`;
    const signal = AbortSignal.timeout(options.timeoutMs);
    try {
      const response = await send({ ...identity, ...headersOf(request, token) }, request, signal);
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
  }

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
  const { ca, clientCert, clientKey, tlsServerName, insecureSkipTlsVerify, proxy } = connection;
  return {
    ...(proxy ? { proxyEnv: { HTTPS_PROXY: httpProxy(proxy) } } : {}),
    ...(ca ? { ca } : {}),
    ...(clientCert && clientKey ? { cert: clientCert, key: clientKey } : {}),
    ...(tlsServerName ? { servername: tlsServerName } : {}),
    ...(insecureSkipTlsVerify ? { rejectUnauthorized: false } : {}),
  };
}

function httpProxy(proxy: string): string {
  if (/^https?:\/\//.test(proxy)) return proxy;
  throw new ClusterError('INVALID', 'The proxy to the API server must be http or https: no other kind is spoken here');
}

function impersonation({ impersonate }: KubernetesConnection): http.OutgoingHttpHeaders {
  if (impersonate === undefined) return {};
  const { user, groups = [], uid } = impersonate;
  return {
    'impersonate-user': user,
    ...(groups.length > 0 && { 'impersonate-group': [...groups] }),
    ...(uid && { 'impersonate-uid': uid }),
  };
}

function headersOf(request: ApiRequest, token: string | undefined): http.OutgoingHttpHeaders {
  return {
    accept: 'application/json',
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
