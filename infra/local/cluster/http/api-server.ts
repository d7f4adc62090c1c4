import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RequestCounters } from '../request-counters.ts';
import { ApiError } from '../store/api-error.ts';
import type { ClusterStore } from '../store/store.ts';
import { answerError, answerJson } from './answer.ts';
import { answerResource } from './answer-resource.ts';
import { discovery } from './discovery.ts';
import { parseRoute } from './route.ts';

export interface ApiServerOptions {
  store: ClusterStore;
  counters: RequestCounters;
  /** 0: any free port. */
  port: number;
  /** When given, every request must bear it. */
  token: string | undefined;
}

/** Serves a store on loopback as a Kubernetes API server would; resolves when it listens. */
export async function startApiServer(options: ApiServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => answerError(response, error));
  });
  // Longer than the pauses of a client, so that a kept-alive connection is rarely closed under its next request.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return server;
}

async function answer(options: ApiServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
  if (['/readyz', '/livez', '/healthz'].includes(pathname)) {
    response.end('ok');
    return;
  }
  if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
    throw new ApiError('Unauthorized', 'Unauthorized');
  }
  const document = request.method === 'GET' ? discovery(pathname) : undefined;
  if (document) return answerJson(response, 200, document);
  const route = parseRoute(pathname);
  if (route === undefined) throw new ApiError('NotFound', 'the server could not find the requested resource');
  const { store, counters } = options;
  await answerResource({ store, counters, request, response, query }, route);
}
