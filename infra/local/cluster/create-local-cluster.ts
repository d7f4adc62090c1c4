import type { AddressInfo } from 'node:net';
import { createNodeAgent, type NodeAgent, type NodeAgentOptions } from './agent/node-agent.ts';
import { failLoudly } from './fail-loudly.ts';
import { startApiServer } from './http/api-server.ts';
import { kernelLabelPolicy } from './kernel-label-policy.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { createRequestCounters, type RequestCounters } from './request-counters.ts';
import { keepSnapshot, readSnapshot, restore } from './snapshot.ts';
import { type ClusterStore, createStore } from './store/store.ts';
import type { WriteAttempt } from './store/write.ts';

export interface LocalClusterOptions extends NodeAgentOptions {
  /** 0, the default: any free port. Always on 127.0.0.1. */
  port?: number | undefined;
  /** Where the cluster outlives the process; without it, it is in memory only. */
  dataDir?: string | undefined;
  /** When given, every request must bear it. */
  token?: string | undefined;
  /** Whether Nodes get their kernel label in the write itself, as by the admission policy. On by default. */
  kernelLabelPolicy?: boolean | undefined;
  historySize?: number | undefined;
}

export interface LocalCluster {
  url: string;
  store: ClusterStore;
  nodes: NodeAgent;
  /** Requests on the wire. What the node agent does is not among them. */
  requests: RequestCounters;
  /** Sees every write before it stands, as a validating webhook would. */
  onAdmission(listener: (attempt: WriteAttempt) => void): () => void;
  /** The content of a kubeconfig file for other processes. */
  kubeconfig(): string;
  close(): Promise<void>;
}

/** A cluster in this process: the API that we use over HTTP on loopback, and nodes that run DaemonSets. */
export async function createLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const { port = 0, dataDir, token, historySize = 4096, now = () => new Date() } = options;
  const snapshot = dataDir === undefined ? { version: 0, entries: [] } : await readSnapshot(dataDir);
  const admit = (options.kernelLabelPolicy ?? true) ? { admit: kernelLabelPolicy } : {};
  const store = createStore({ now, historySize, version: snapshot.version, ...admit });
  restore(store, snapshot);
  for (const name of ['default', 'kube-system']) {
    if (!store.get('Namespace', { name })) store.create('Namespace', undefined, { metadata: { name } });
  }

  const requests = createRequestCounters();
  const server = await startApiServer({ store, counters: requests, port, token });
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const nodes = createNodeAgent(store, options);
  const failed = options.failed ?? failLoudly;
  const lastWrite =
    dataDir === undefined ? async () => {} : keepSnapshot(store, dataDir, (error) => failed(dataDir, error));

  return {
    url,
    store,
    nodes,
    requests,
    onAdmission: store.onAttempt,
    kubeconfig: () => kubeconfigFor(url, token),
    async close() {
      nodes.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await lastWrite();
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The API server has no TCP address');
  return address.port;
}
