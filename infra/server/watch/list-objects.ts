import * as http from 'node:http';
import * as https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import { parseJson, parseWith } from '../../../shared/kmm/parse.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';

const List = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullish(),
});

const timeoutMilliseconds = 30_000;
const largestPage = 128 * 1024 * 1024;

/**
 * All objects of a collection and the version to watch from, in pages of 500. The Cluster port does not tell that version, and
 * a watch from anywhere else would miss something or tell it twice. Throws ClusterError.
 */
export async function listObjects(
  kubeConfig: KubeConfig,
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<{ items: unknown[]; resourceVersion: string }> {
  const items: unknown[] = [];
  let next: string | undefined;
  for (;;) {
    const page = new URLSearchParams({ ...query, limit: '500', ...(next && { continue: next }) });
    const { metadata, items: found } = parseWith(
      List,
      await getJson(kubeConfig, `${path}?${page}`, signal),
      `List of ${path}`,
    );
    items.push(...(found ?? []));
    if (!metadata.continue) return { items, resourceVersion: metadata.resourceVersion };
    next = metadata.continue;
  }
}

async function getJson(kubeConfig: KubeConfig, path: string, signal: AbortSignal): Promise<unknown> {
  const options: https.RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options);
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  const url = new URL(`${server.replace(/\/$/, '')}${path}`);
  const text = await get(url, {
    ...options,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
  });
  return parseJson(text, `List of ${path}`);
}

function get(url: URL, options: https.RequestOptions): Promise<string> {
  const request = url.protocol === 'http:' ? http.request : https.request;
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new ClusterError('UNAVAILABLE', `GET ${url.pathname}: ${cause.message}`, { cause }));
    request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > largestPage) response.destroy(new Error('the answer is too large'));
      });
      response.on('error', fail);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status === 200) resolve(Buffer.concat(chunks).toString());
        else reject(refused(url.pathname, status));
      });
    })
      .on('error', fail)
      .end();
  });
}

function refused(path: string, status: number): ClusterError {
  const code = { 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 404: 'INVALID', 410: 'GONE' } as const;
  const known = status === 401 || status === 403 || status === 404 || status === 410 ? code[status] : 'UNAVAILABLE';
  return new ClusterError(known, `GET ${path}: HTTP ${status}`, { status });
}
