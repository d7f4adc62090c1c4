import type { KubernetesConnection } from '../../adapters/kubernetes/connection.ts';
import { createKubernetesCluster } from '../../adapters/kubernetes/create-kubernetes-cluster.ts';
import { inClusterConnection } from '../../adapters/kubernetes/in-cluster-connection.ts';
import { InvalidInput } from '../../kmm/errors.ts';
import { onceAsync } from '../once.ts';
import { logger } from './logger.ts';

/** The cluster by `KMM_KUBECONFIG`, or by the service account of the pod that we run in. */
export const cluster = onceAsync(async () => createKubernetesCluster({ ...(await connection()), log: logger() }));

async function connection(): Promise<KubernetesConnection> {
  const { KMM_KUBECONFIG: file, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (file) {
    // Loaded only here: client-node costs more at start than all the rest.
    const { connectionFromKubeconfig } = await import('../../adapters/kubernetes/connection-from-kubeconfig.ts');
    return connectionFromKubeconfig(file);
  }
  if (host) return inClusterConnection({ host, port });
  throw new InvalidInput('Environment: set KMM_KUBECONFIG, or run in a pod of the cluster', 'KMM_KUBECONFIG');
}
