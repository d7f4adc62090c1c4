import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';

/** Any request to the API server, for what the Cluster port does not do. */
export interface ApiClient {
  /** Whatever the status is, it is the answer; `body` is JSON where it can be read so. */
  send(method: string, path: string, body?: object, contentType?: string): Promise<{ status: number; body: unknown }>;
  /** The body of a good answer; throws with the server's words otherwise. */
  call(method: string, path: string, body?: object, contentType?: string): Promise<unknown>;
  close(): void;
}

export function createApiClient(server: string, tls: { ca: string; cert: string; key: string }): ApiClient {
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: 16 });
  const send: ApiClient['send'] = async (method, path, body, contentType = 'application/json') => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>();
    const said = body && JSON.stringify(body);
    // Node leaves the length of a DELETE's body out by itself, and the server takes the body for the next request.
    const length = { 'content-type': contentType, 'content-length': Buffer.byteLength(said ?? '') };
    const headers = { accept: 'application/json', ...(said && length) };
    const call = request(new URL(path, server), { method, agent, headers, timeout: 30_000 });
    call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
    call.on('error', reject);
    call.on('response', (answer) => {
      text(answer).then((words) => resolve({ status: answer.statusCode ?? 0, body: jsonOr(words) }), reject);
    });
    call.end(said);
    return promise;
  };
  return {
    send,
    async call(method, path, body, contentType) {
      const answer = await send(method, path, body, contentType);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    },
    close: () => agent.destroy(),
  };
}

function jsonOr(words: string): unknown {
  try {
    return JSON.parse(words);
  } catch {
    return words;
  }
}
