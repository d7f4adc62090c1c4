import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { createLocalCluster, type LocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import { waitUntil } from '../../../infra/local/cluster/wait-until.ts';
import { functionPorts } from '../../../infra/local/stack-ports.ts';
import { createServer } from '../../../infra/server/create-server.ts';
import { targetFunctions } from '../../../infra/server/target-functions.ts';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import { type KernelEntry, parseModuleStatus } from '../../../shared/kmm/status.ts';
import { Configuration } from '../../../shared/runtime/configuration.ts';
import { createFakeLogger, type FakeLogger } from '../../fakes/logger.ts';

export interface FleetServer {
  cluster: LocalCluster;
  /** `http://127.0.0.1:<port>` of the server. */
  url: string;
  log: FakeLogger;
  /** Waits for the entry of a Module's target to be as asked. */
  entry(module: string, key: string, words: string, fits: (entry: KernelEntry) => boolean): Promise<KernelEntry>;
  stop(): Promise<void>;
}

/** The functions as the HTTP server, with its own watch, on an embedded cluster; the registry is somebody else's. */
export async function startFleetServer(options: {
  port: number;
  secret: string;
  /** Registries that may be asked on loopback, and the authority that is trusted beside the usual ones. */
  registries: { hosts: string[]; ca: string };
}): Promise<FleetServer> {
  const { registries, secret, port } = options;
  const cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const cluster = await createLocalCluster({ minReadySpeed: 20 });
  cleanup.defer(() => cluster.close());
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig());
  const log = createFakeLogger();
  const configuration = Configuration.parse({
    clusterName: 'test',
    registries: { loopback: registries.hosts },
    sources: [{ source: 'distribution', name: 'debian', secrets: ['SECRET'] }],
  });
  const ports = await functionPorts(kubeconfig, configuration, log);
  const images = createOciRegistry({
    loopbackRegistries: registries.hosts,
    ca: registries.ca,
    retry: { attempts: 1 },
  });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfig);
  const server = createServer({
    configuration,
    ports: { logger: log, now: () => new Date() },
    readSecret: () => secret,
    functions: (bus) => targetFunctions({ ...ports, images, bus }),
    kubeConfig,
    port,
  });
  cleanup.defer(() => server.stop());
  const { url } = await server.start();
  return {
    cluster,
    url,
    log,
    async entry(module, key, words, fits) {
      const read = () =>
        parseModuleStatus(cluster.store.get('Module', { namespace: 'gpu', name: module })?.['status']).kernels[key];
      await waitUntil(
        cluster.store,
        words,
        () => {
          const entry = read();
          return entry !== undefined && fits(entry);
        },
        30_000,
      );
      const entry = read();
      if (entry === undefined) throw new Error(`${words}: the entry is gone`);
      return entry;
    },
    stop: () => cleanup.disposeAsync(),
  };
}
