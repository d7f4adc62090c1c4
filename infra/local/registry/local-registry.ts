import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { BasicAuth } from './basic-auth.ts';
import { createContents } from './contents.ts';
import { createDiskStore } from './disk-store.ts';
import { createFaultGate, type RegistryFault } from './faults.ts';
import { createHttpDoor } from './http-door.ts';
import type { ListenerOptions } from './listener.ts';
import { createMemoryStore } from './memory-store.ts';
import { createNotifications } from './notifications.ts';
import { createRequestCounters, type RequestCounters } from './request-counters.ts';
import { createUploads, removeOldUploads } from './uploads.ts';

export interface LocalRegistryOptions {
  /** 0, the default: any free one. */
  port?: number;
  /** Where the images stay; without it they live in memory and go with the registry. */
  dataDir?: string;
  /** Told of pushes, mounts and deletions, as CNCF Distribution tells them. */
  notify?: readonly ListenerOptions[];
  basicAuth?: BasicAuth;
  /** PEM */
  tls?: { key: string | Buffer; cert: string | Buffer };
  /** 2 GiB by default. */
  maxBlobBytes?: number;
}

export interface LocalRegistry {
  /** `127.0.0.1:<port>`, as it stands in image references. */
  readonly host: string;
  readonly url: string;
  readonly requests: RequestCounters;
  /** Breaks the registry for every request that comes from now on; `undefined` mends it. */
  setFault(fault: RegistryFault | undefined): void;
  /** Closes connections; notifications that nobody took are given up. */
  close(): Promise<void>;
}

/**
 * An OCI distribution registry in this process, on loopback only, for development and tests.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export async function createLocalRegistry(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
  const { port = 0, dataDir, notify = [], basicAuth, tls, maxBlobBytes = 2 * 1024 ** 3 } = options;
  const store = dataDir === undefined ? createMemoryStore() : createDiskStore(dataDir);
  await removeOldUploads(store);
  const scheme = tls === undefined ? 'http' : 'https';
  const faults = createFaultGate();
  const requests = createRequestCounters();
  const notifications = createNotifications({ notify, scheme, actor: basicAuth?.username });
  const parts = { contents: createContents(store), uploads: createUploads(store), maxBlobBytes };
  const door = createHttpDoor({ parts, announce: notifications.announce, faults, requests, basicAuth });

  const server = tls === undefined ? createHttpServer(door) : createHttpsServer({ key: tls.key, cert: tls.cert }, door);
  const host = `127.0.0.1:${await listen(server, port)}`;
  return {
    host,
    url: `${scheme}://${host}`,
    requests,
    setFault: faults.set,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      faults.set(undefined);
      server.closeAllConnections();
      await notifications.close();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
