import { KubeConfig } from '@kubernetes/client-node';
import { connectionFromKubeconfig } from '../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import { cluster, servedPart } from '../../shared/runtime/dependencies/cluster.ts';
import { configuration } from '../../shared/runtime/dependencies/configuration.ts';
import { keySet } from '../../shared/runtime/dependencies/key-set.ts';
import { logger } from '../../shared/runtime/dependencies/logger.ts';
import { now } from '../../shared/runtime/dependencies/now.ts';
import { secret } from '../../shared/runtime/dependencies/secrets.ts';
import { portsBesideBus } from '../../shared/runtime/dependencies/target-ports.ts';
import { createServer } from './create-server.ts';
import { targetFunctions } from './target-functions.ts';

const { PORT = '8080', HOST = '0.0.0.0', KMM_WATCH = 'true', KMM_KUBECONFIG, KMM_TLS_CERT, KMM_TLS_KEY } = process.env;

/**
 * The server of a Deployment or of Knative, set up by its environment: `KMM_CONFIG`, `PORT`, `HOST`, and the cluster by
 * `KMM_KUBECONFIG` or the pod's service account. `KMM_WATCH=false` where hooks or Knative bring the events. With `KMM_TLS_CERT`
 * and `KMM_TLS_KEY`, paths of PEM files, it serves https and takes what renews them.
 */
async function main(): Promise<void> {
  const ports = portsBesideBus(await (KMM_KUBECONFIG ? clusterOf(KMM_KUBECONFIG) : cluster()));
  const server = createServer({
    configuration: configuration(),
    ports: { logger: logger(), now },
    readSecret: secret,
    keySet,
    functions: (bus) => targetFunctions({ ...ports, bus }),
    ...(KMM_WATCH !== 'false' && { kubeConfig: kubeConfig() }),
    host: HOST,
    port: Number(PORT),
    ...(KMM_TLS_CERT && KMM_TLS_KEY && { tls: { cert: KMM_TLS_CERT, key: KMM_TLS_KEY } }),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.stop().catch(fail));
  const { url } = await server.start();
  logger().info('Listening', { url });
}

async function clusterOf(file: string): Promise<Cluster> {
  return servedPart(createKubernetesCluster({ ...(await connectionFromKubeconfig(file)), log: logger() }));
}

/** The same cluster, for client-node's watch. */
function kubeConfig(): KubeConfig {
  const config = new KubeConfig();
  const { apiServer } = configuration();
  if (KMM_KUBECONFIG) config.loadFromFile(KMM_KUBECONFIG);
  else if (apiServer === undefined) config.loadFromCluster();
  else {
    const { url, ca, tokenFile } = apiServer;
    const user = tokenFile === undefined ? {} : { authProvider: { name: 'tokenFile', config: { tokenFile } } };
    config.loadFromClusterAndUser(
      { name: 'cluster', server: url, skipTLSVerify: false, ...(ca && { caFile: ca }) },
      { name: 'user', ...user },
    );
  }
  return config;
}

/** The configuration may be what is wrong, and the logger needs it: so plainly. */
function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

main().catch(fail);
