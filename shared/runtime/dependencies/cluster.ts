import { readFile } from 'node:fs/promises';
import type { KubernetesConnection } from '../../adapters/kubernetes/connection.ts';
import { createKubernetesCluster } from '../../adapters/kubernetes/create-kubernetes-cluster.ts';
import { inClusterConnection } from '../../adapters/kubernetes/in-cluster-connection.ts';
import { inNamespaces } from '../../adapters/kubernetes/in-namespaces.ts';
import { InvalidInput } from '../../kmm/errors.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { onceAsync } from '../once.ts';
import { configuration } from './configuration.ts';
import { logger } from './logger.ts';

/** The cluster that the configuration names, or the one in whose pod we run. Never a kubeconfig: client-node is for the server. */
export const cluster = onceAsync(async () =>
  servedPart(createKubernetesCluster({ ...(await connection()), log: logger() })),
);

/** Of a cluster in which we serve some namespaces only, those. */
export function servedPart(whole: Cluster): Cluster {
  const { namespaces } = configuration();
  return namespaces === undefined ? whole : inNamespaces(whole, namespaces);
}

async function connection(): Promise<KubernetesConnection> {
  const { apiServer } = configuration();
  if (apiServer !== undefined) return explicitConnection(apiServer);
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (host) return inClusterConnection({ host, port });
  throw new InvalidInput('Configuration: set apiServer.url, or run in a pod of the cluster', 'apiServer');
}

async function explicitConnection(apiServer: { url: string; ca?: string | undefined; tokenFile?: string | undefined }) {
  const { url, ca, tokenFile } = apiServer;
  return {
    server: url,
    ...(ca !== undefined && { ca: await readFile(ca, 'utf8') }),
    ...(tokenFile !== undefined && { token: async () => (await readFile(tokenFile, 'utf8')).trim() }),
  };
}
