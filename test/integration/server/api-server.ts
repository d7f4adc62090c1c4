import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';

interface Stored {
  metadata: { name: string; namespace?: string; resourceVersion?: string } & Record<string, unknown>;
}

/**
 * Just enough of an API server to be watched, with what a real one does to a watcher at its worst: it closes connections and
 * forgets versions. Objects are kept by collection path; selectors are recorded, not applied.
 */
export async function startWatchedApi() {
  const collections = new Map<string, Map<string, Stored>>();
  const streams = new Map<string, Set<ServerResponse>>();
  const requests: URL[] = [];
  let version = 100;
  let oldest = 0;
  const collection = (path: string) => {
    const found = collections.get(path) ?? new Map<string, Stored>();
    collections.set(path, found);
    return found;
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    requests.push(url);
    if (url.searchParams.get('watch') === 'true') return watch(url, response);
    return list(url, response);
  });
  const watch = (url: URL, response: ServerResponse) => {
    if (Number(url.searchParams.get('resourceVersion')) < oldest) return response.writeHead(410).end();
    const open = streams.get(url.pathname) ?? new Set();
    streams.set(url.pathname, open.add(response));
    response.on('close', () => open.delete(response));
    return response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
  };
  /** Pages of two, whatever was asked for: a client must follow `continue`. */
  const list = (url: URL, response: ServerResponse) => {
    const all = [...collection(url.pathname).values()];
    const from = Number(url.searchParams.get('continue') ?? 0);
    const more = from + 2 < all.length ? { continue: String(from + 2) } : {};
    const body = { metadata: { resourceVersion: String(version), ...more }, items: all.slice(from, from + 2) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  const send = (path: string, type: string, object: unknown) => {
    for (const stream of streams.get(path) ?? []) stream.write(`${JSON.stringify({ type, object })}\n`);
  };
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: 'c', server: `http://127.0.0.1:${address.port}`, skipTLSVerify: false },
    { name: 'u' },
  );

  return {
    kubeConfig,
    requests,
    put(path: string, object: Stored) {
      version += 1;
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
      const type = collection(path).has(key) ? 'MODIFIED' : 'ADDED';
      collection(path).set(key, stored);
      send(path, type, stored);
    },
    remove(path: string, name: string, namespace = '') {
      version += 1;
      const object = collection(path).get(`${namespace}/${name}`);
      collection(path).delete(`${namespace}/${name}`);
      send(path, 'DELETED', { ...object, metadata: { ...object?.metadata, resourceVersion: String(version) } });
    },
    send,
    /** Ends all watches; `forget` also makes every version so far too old, and what is put meanwhile is only in the next list. */
    breakWatches(forget = false) {
      if (forget) oldest = version + 1;
      version += 1;
      for (const open of streams.values()) for (const stream of open) stream.end();
      for (const open of streams.values()) open.clear();
    },
    /** How many watches are open on a collection. */
    watchers: (path: string) => streams.get(path)?.size ?? 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
