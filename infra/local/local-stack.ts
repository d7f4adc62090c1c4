import { randomBytes } from 'node:crypto';
import { createJsonLogger } from '../../shared/adapters/logger/json-logger.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import type { ImageFinder } from '../../shared/ports/registry.ts';
import type { LocalCluster } from './cluster/create-local-cluster.ts';
import { freePort } from './free-port.ts';
import { observedLogger } from './observed-logger.ts';
import type { LocalRegistry } from './registry/local-registry.ts';
import { startCluster } from './stack-cluster.ts';
import { stackConfiguration } from './stack-configuration.ts';
import type { Tell } from './stack-event.ts';
import { openStackFolder, type StackFolder } from './stack-folder.ts';
import { functionPorts } from './stack-ports.ts';
import { startRegistry } from './stack-registry.ts';
import { stackServer } from './stack-server.ts';
import { untilReady } from './until-ready.ts';

export interface LocalStackOptions {
  /** Cluster, registry and ports stay here; without it everything goes with the stack. */
  dataDir?: string | undefined;
  /** Another cluster, by its kubeconfig: its nodes are somebody else's. */
  kubeconfig?: string | undefined;
  /** Another registry, `127.0.0.1:<port>`, asked by plain HTTP; it sends us no notifications. */
  registry?: string | undefined;
  /** How many times faster than written `minReadySeconds` go by on the embedded nodes; 1 by default. */
  minReadySpeed?: number | undefined;
  /** Gives up waiting for the cluster. */
  signal?: AbortSignal | undefined;
  tell: Tell;
}

/** The functions in one process, with a cluster and a registry. */
export interface LocalStack {
  folder: string;
  isKept: boolean;
  kubeconfig: string;
  server: { url: string };
  /** Absent: another's. */
  cluster: LocalCluster | undefined;
  registry: LocalRegistry | undefined;
  /** As image references name it. */
  registryHost: string;
  /** Clients of somebody outside: what they see is what anybody would see. */
  outside: { cluster: Cluster; images: ImageFinder };
  /** Nothing runs and nothing is due within two seconds. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Boots registry, cluster and server on loopback. When one of them does not start, what had started is closed again. */
export async function createLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { dataDir, minReadySpeed, signal, tell } = options;
  await using opened = new AsyncDisposableStack();
  const folder = await openStackFolder(dataDir);
  opened.defer(() => folder.close());
  const secret = randomBytes(24).toString('base64url');
  const log = openLog(folder, secret, tell);
  const remembered = await folder.readPorts();
  // Known beforehand, since the registry must know where to tell of pushes.
  const serverPort = remembered.server || (await freePort());

  const registry =
    options.registry === undefined
      ? await startRegistry(folder, { port: remembered.registry, serverPort, secret })
      : undefined;
  if (registry) opened.defer(() => registry.close());
  const registryHost = registry?.host ?? options.registry ?? '';

  const own =
    options.kubeconfig === undefined
      ? await startCluster(folder, { port: remembered.api, registryHost, minReadySpeed, log, tell })
      : undefined;
  if (own) opened.defer(() => own.cluster.close());
  const kubeconfig = own?.kubeconfig ?? options.kubeconfig ?? '';

  const configuration = stackConfiguration(registryHost, 'REGISTRY_SECRET');
  const ports = await functionPorts(kubeconfig, configuration, log);
  const server = stackServer({ configuration, kubeconfig, secret, port: serverPort, ports, tell });
  opened.defer(() => server.stop());
  // First of all at the end: functions that a broken registry holds up must not hold up the end.
  opened.defer(() => registry?.setFault(undefined));
  const { url } = await server.start();
  await untilReady(url, clusterPatienceMs, signal);
  await folder.writePorts({ api: portOf(own?.cluster), registry: portOf(registry), server: serverPort });

  const outside = await functionPorts(kubeconfig, configuration, log, 'kmm-start');
  const closing = opened.move();
  return {
    folder: folder.path,
    isKept: folder.isKept,
    kubeconfig,
    server: { url },
    cluster: own?.cluster,
    registry,
    registryHost,
    outside,
    idle: () => server.queue.idle(),
    close: () => closing.disposeAsync(),
  };
}

const clusterPatienceMs = 20_000;

function openLog(folder: StackFolder, secret: string, tell: Tell): Logger {
  const write = folder.openLog('server.log');
  const log = createJsonLogger({ write, now: () => new Date(), secrets: () => [secret] });
  return observedLogger(log, [secret], tell);
}

function portOf(part: { url: string } | undefined): number {
  return part === undefined ? 0 : Number(new URL(part.url).port);
}
