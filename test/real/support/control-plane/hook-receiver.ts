import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { createCertificate } from '../certificate.ts';

/** One review as the API server sent it. */
export interface ReceivedReview {
  /** The path, `?timeout=` included. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: unknown;
  /** `nodes`, `nodes/status`, `apps/daemonsets/status` … and the operation: `UPDATE nodes/status`. */
  what: string;
  dryRun: boolean;
}

/** An https listener on loopback that allows every review at once and keeps it. */
export interface HookReceiver {
  /** `https://127.0.0.1:<port>`. */
  url: string;
  /** PEM. */
  ca: string;
  reviews: readonly ReceivedReview[];
  close(): Promise<void>;
}

const Review = z.object({
  request: z.object({
    uid: z.string(),
    operation: z.string(),
    resource: z.object({ group: z.string(), resource: z.string() }),
    subResource: z.string().optional(),
    dryRun: z.boolean().default(false),
  }),
});

export async function startHookReceiver(folder: string): Promise<HookReceiver> {
  const { keyFile, cert } = await createCertificate(folder);
  const reviews: ReceivedReview[] = [];
  const server = createServer({ key: await readFile(keyFile), cert }, async (request, response) => {
    const body = await json(request);
    const { uid, operation, resource, subResource, dryRun } = Review.parse(body).request;
    const name = [resource.group, resource.resource, subResource].filter(Boolean).join('/');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
    reviews.push({ path: request.url ?? '', headers, body, what: `${operation} ${name}`, dryRun });
    response.setHeader('content-type', 'application/json');
    const answer = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } };
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `https://127.0.0.1:${port}`,
    ca: cert,
    reviews,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
