import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { RegistryAccess } from '../../../ports/registry.ts';
import { defaultTimeouts, type OciRegistryOptions, type ProxyOptions } from '../options.ts';
import { guardedLookup, refuseLiteralAddress, systemResolve } from './guarded-lookup.ts';
import { limitTime } from './limit-time.ts';
import { toRegistryError } from './network-error.ts';

export interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: Uint8Array | undefined;
  tls: RegistryAccess['tls'];
}

/** The body has to be read or discarded: until then it holds its connection. */
export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: IncomingMessage;
  url: URL;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * One request over kept-alive connections: address rules, time limits, proxy and trust apply; no retry, no redirect.
 * Rejects with a RegistryError.
 */
export function createSend(options: OciRegistryOptions): Send {
  const agents = createAgents(options);
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const resolve = options.resolve ?? systemResolve;
  const loopbackHosts = new Set(options.loopbackRegistries?.map((host) => host.toLowerCase()));

  return async ({ method, url, headers, body, tls: { insecureSkipTLSVerify } }) => {
    const loopbackAllowed = loopbackHosts.has(url.host);
    refuseLiteralAddress(url, loopbackAllowed);
    const secure = url.protocol === 'https:';
    const { promise, resolve: answer, reject } = Promise.withResolvers<HttpAnswer>();
    const outgoing = (secure ? https : http).request(url, {
      method,
      headers: { 'User-Agent': 'kmm-functions', ...headers, ...(body ? { 'Content-Length': body.byteLength } : {}) },
      agent: secure ? agents.https : agents.http,
      rejectUnauthorized: !insecureSkipTLSVerify,
      // Not asked for the proxy's own address: that one stands in the configuration.
      lookup: guardedLookup(resolve, loopbackAllowed),
    });
    limitTime(outgoing, timeouts);
    outgoing.once('response', (incoming) => {
      answer({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming, url });
    });
    outgoing.on('error', (error) => {
      const { reusedSocket } = outgoing;
      reject(toRegistryError(Object.assign(error, { reusedSocket }), `${method} ${url.origin}`));
    });
    outgoing.end(body);
    return promise;
  };
}

function createAgents({ ca, proxy }: OciRegistryOptions): { http: http.Agent; https: https.Agent } {
  const common = {
    keepAlive: true,
    maxSockets: 64,
    maxFreeSockets: 16,
    ...(proxy ? { proxyEnv: proxyEnv(proxy) } : {}),
  };
  // One context for all connections: reading some 140 root certificates costs milliseconds.
  const trust =
    ca === undefined ? {} : { secureContext: tls.createSecureContext({ ca: [...tls.getCACertificates(), ca] }) };
  return { http: new http.Agent(common), https: new https.Agent({ ...common, ...trust }) };
}

function proxyEnv({ http: forHttp, https: forHttps, noProxy = [] }: ProxyOptions): http.ProxyEnv {
  return { HTTP_PROXY: forHttp, HTTPS_PROXY: forHttps, NO_PROXY: noProxy.join(',') };
}
