import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './answer.ts';
import { type BasicAuth, challenge } from './basic-auth.ts';
import type { FaultGate } from './faults.ts';
import type { Handler, RegistryParts } from './handler.ts';
import type { Happening } from './happening.ts';
import { isRepositoryName } from './names.ts';
import { refuse } from './refusal.ts';
import type { RequestRecorder } from './request-counters.ts';
import { type RequestKind, routes } from './routes.ts';

export interface HttpDoorOptions {
  parts: Omit<RegistryParts, 'announce'>;
  announce(happening: Happening, request: IncomingMessage): void;
  faults: FaultGate;
  requests: RequestRecorder;
  basicAuth: BasicAuth | undefined;
}

/** Node's requests in, Node's responses out; between them only asks and answers. */
export function createHttpDoor(options: HttpDoorOptions): RequestListener {
  return (request, response) => {
    answerRequest(request, options)
      .catch(() => refuse('UNKNOWN', 'the registry failed, or the request broke off'))
      .then((result) => send(result, request, response))
      // The client went away while the answer was on its way: there is nobody left to tell.
      .catch(() => response.destroy());
  };
}

async function answerRequest(request: IncomingMessage, options: HttpDoorOptions): Promise<Answer> {
  const url = parseTarget(request.url ?? '/');
  const method = request.method ?? 'GET';
  const route = findRoute(url?.path ?? '', method);
  options.requests.record(method, route.kind);
  const stopped = (await options.faults.pass()) ?? challenge(request.headers.authorization, options.basicAuth);
  if (stopped !== undefined) return stopped;
  const { headers } = request;
  const { repository, item } = route;
  // Leaving the loop early must not close the connection: the refusal has to reach the client.
  const body: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  const ask = { headers, query: url?.query ?? new URLSearchParams(), repository, item, body };
  return route.handler(ask, { ...options.parts, announce: (happening) => options.announce(happening, request) });
}

function parseTarget(target: string): { path: string; query: URLSearchParams } | undefined {
  try {
    const url = new URL(`http://registry${target}`);
    return { path: decodeURIComponent(url.pathname), query: url.searchParams };
  } catch {
    return undefined;
  }
}

interface FoundRoute {
  kind: RequestKind;
  repository: string;
  item: string;
  handler: Handler;
}

function findRoute(path: string, method: string): FoundRoute {
  for (const { kind, path: pattern, methods } of routes) {
    const groups = pattern.exec(path);
    if (groups === null) continue;
    const { name, item = '' } = groups.groups ?? {};
    const refusal = name === undefined || isRepositoryName(name) ? methods[method] : invalidName;
    return { kind, repository: name ?? '', item, handler: refusal ?? unsupported };
  }
  return { kind: 'other', repository: '', item: '', handler: notFound };
}

const invalidName: Handler = async () => refuse('NAME_INVALID', 'invalid repository name');
const unsupported: Handler = async () => refuse('UNSUPPORTED', 'the operation is unsupported');
const notFound: Handler = async () => refuse('NOT_FOUND', 'no such endpoint: a registry answers below /v2/');

async function send(result: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = result;
  response.writeHead(status, { 'Docker-Distribution-Api-Version': 'registry/2.0', ...headers });
  if (body === undefined || request.method === 'HEAD') response.end();
  else if (body instanceof Uint8Array) response.end(body);
  else await pipeline(body, response);
}
