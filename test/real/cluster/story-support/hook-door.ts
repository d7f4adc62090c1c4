import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { createCertificate } from '../../support/certificate.ts';

/** A review as the API server sent it: what it was about, and all that is needed to deliver it again. */
export interface HookCall {
  /** `UPDATE nodes/status`. */
  what: string;
  name: string;
  namespace: string;
  at: Date;
  /** How long the API server waited for the answer. */
  milliseconds: number;
  path: string;
  body: Buffer;
}

/** Ends TLS before the server, counts what comes through, and can be a bad way. */
export interface HookDoor {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** All reviews so far that reached us. */
  readonly calls: readonly HookCall[];
  /** From now on nobody is there, until it is opened. */
  shut(): void;
  open(): void;
  /** Answers for the server and keeps those reviews back. Returns what was kept, and lets all through again. */
  keepBack(which: (call: HookCall) => boolean): () => HookCall[];
  /** Delivers a review as the API server would; its answer's status. */
  deliver(call: Pick<HookCall, 'path' | 'body'>): Promise<number>;
  close(): Promise<void>;
}

const Review = z.object({
  request: z.object({
    uid: z.string(),
    operation: z.string(),
    name: z.string().default(''),
    namespace: z.string().default(''),
    resource: z.object({ group: z.string(), resource: z.string() }),
    subResource: z.string().optional(),
  }),
});

export async function startHookDoor(folder: string, serverPort: number): Promise<HookDoor> {
  const { keyFile, cert } = await createCertificate(folder);
  const agent = new Agent({ keepAlive: true });
  const calls: HookCall[] = [];
  let isShut = false;
  let keeper: { which: (call: HookCall) => boolean; kept: HookCall[] } | undefined;

  const deliver = async ({ path, body }: Pick<HookCall, 'path' | 'body'>) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Buffer }>();
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const call = requestHttp({ host: '127.0.0.1', port: serverPort, path, method: 'POST', agent, headers });
    call.on('error', reject);
    call.on('response', (answer) => {
      buffer(answer).then((said) => resolve({ status: answer.statusCode ?? 0, body: said }), reject);
    });
    call.end(body);
    return promise;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const began = Date.now();
    const body = await buffer(request);
    const call: HookCall = { ...readCall(body), at: new Date(), milliseconds: 0, path: request.url ?? '', body };
    if (isShut) return request.destroy();
    calls.push(call);
    if (keeper?.which(call)) {
      keeper.kept.push(call);
      return response.end(JSON.stringify(allowed(body)));
    }
    // A server that is not there is told to the API server as such; it goes on without us.
    const said = await deliver(call).catch(() => ({ status: 502, body: Buffer.alloc(0) }));
    call.milliseconds = Date.now() - began;
    return response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body);
  };
  const server = createServer({ key: await readFile(keyFile), cert }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `https://127.0.0.1:${port}`,
    ca: cert,
    calls,
    shut: () => {
      isShut = true;
    },
    open: () => {
      isShut = false;
    },
    keepBack(which) {
      const mine = { which, kept: [] };
      keeper = mine;
      return () => {
        keeper = undefined;
        return mine.kept;
      };
    },
    deliver: async (call) => (await deliver(call)).status,
    async close() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readCall(body: Buffer): Pick<HookCall, 'what' | 'name' | 'namespace'> {
  const { operation, resource, subResource, name, namespace } = Review.parse(JSON.parse(body.toString())).request;
  const path = [resource.group, resource.resource, subResource].filter(Boolean).join('/');
  return { what: `${operation} ${path}`, name, namespace };
}

function allowed(body: Buffer): object {
  const { uid } = Review.parse(JSON.parse(body.toString())).request;
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } };
}
