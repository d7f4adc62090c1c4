import { randomBytes } from 'node:crypto';
import { KubeConfig } from '@kubernetes/client-node';
import { createJsonLogger } from '../../shared/adapters/logger/json-logger.ts';
import type { Bus } from '../../shared/ports/bus.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import type { ImageFinder } from '../../shared/ports/registry.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';
import { createServer, type Server } from '../server/create-server.ts';
import { createLocalCluster, type LocalCluster } from './cluster/create-local-cluster.ts';
import { freePort } from './free-port.ts';
import { imageInRegistry } from './image-in-registry.ts';
import { observePods } from './observe-pods.ts';
import { observedFunctions } from './observed-functions.ts';
import { observedLogger } from './observed-logger.ts';
import { createLocalRegistry, type LocalRegistry } from './registry/local-registry.ts';
import { nodeManifest } from './sample-fleet.ts';
import { sampleModule } from './sample-module.ts';
import { registrySource, stackConfiguration } from './stack-configuration.ts';
import type { Tell } from './stack-event.ts';
import { openStackFolder, type StackFolder, type StackPorts } from './stack-folder.ts';
import { type FunctionPorts, functionPorts } from './stack-ports.ts';
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

const clusterPatienceMs = 20_000;

/** Boots cluster, registry and server on loopback. What had started is closed again when something does not. */
export async function createLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  await using opened = new AsyncDisposableStack();
  const folder = await openStackFolder(options.dataDir);
  opened.defer(() => folder.close());
  const ports = await folder.readPorts();
  const secret = randomBytes(24).toString('base64url');
  const log = openLog(folder, secret, options.tell);

  const registryPort = ports.registry;
  const serverPort = ports.server || (await freePort());
  const registry =
    options.registry === undefined ? await startRegistry(folder, { registryPort, serverPort, secret }) : undefined;
  if (registry) opened.defer(() => registry.close());
  const registryHost = registry?.host ?? options.registry ?? '';

  const cluster =
    options.kubeconfig === undefined ? await startCluster(folder, ports.api, registryHost, options, log) : undefined;
  if (cluster) opened.defer(() => cluster.close());
  const kubeconfig = cluster ? await folder.write('kubeconfig', cluster.kubeconfig()) : (options.kubeconfig ?? '');

  if (cluster) await writeSamples(folder, registryHost);
  const configuration = stackConfiguration(registryHost, 'REGISTRY_SECRET');
  const functions = await functionPorts(kubeconfig, configuration, log);
  const server = startServer({
    configuration,
    kubeconfig,
    secret,
    port: serverPort,
    log,
    functions,
    tell: options.tell,
  });
  opened.defer(() => server.stop());
  // First of all at the end: functions that a broken registry holds up must not hold up the end.
  opened.defer(() => registry?.setFault(undefined));
  const { url } = await server.start();
  await untilReady(url, clusterPatienceMs, options.signal);
  await folder.writePorts({ api: portOf(cluster?.url), registry: portOf(registry?.url), server: portOf(url) });

  const outside = await functionPorts(kubeconfig, configuration, log, 'kmm-start');
  const closing = opened.move();
  return {
    folder: folder.path,
    isKept: folder.isKept,
    kubeconfig,
    server: { url },
    cluster,
    registry,
    registryHost,
    outside,
    idle: () => server.queue.idle(),
    close: () => closing.disposeAsync(),
  };
}

/** For people to look at, and to apply. */
async function writeSamples(folder: StackFolder, registryHost: string): Promise<void> {
  const node = nodeManifest({ name: 'another-node', kernelVersion: '6.8.0-90-generic' });
  await folder.write('sample-module.yaml', sampleModule(registryHost));
  await folder.write('sample-node.json', `${JSON.stringify(node, null, 2)}\n`);
}

function openLog(folder: StackFolder, secret: string, tell: Tell): Logger {
  const write = folder.openLog('server.log');
  const log = createJsonLogger({ write, now: () => new Date(), secrets: () => [secret] });
  return observedLogger(log, [secret], tell);
}

function startRegistry(
  folder: StackFolder,
  { registryPort, serverPort, secret }: { registryPort: number; serverPort: number; secret: string },
): Promise<LocalRegistry> {
  const { source, name } = registrySource;
  const url = `http://127.0.0.1:${serverPort}/events/${source}/${name}`;
  return createLocalRegistry({
    port: registryPort,
    notify: [{ url, headers: { Authorization: `Bearer ${secret}` } }],
    ...(folder.isKept && { dataDir: `${folder.path}/registry` }),
  });
}

async function startCluster(
  folder: StackFolder,
  port: number,
  registryHost: string,
  { minReadySpeed, tell }: LocalStackOptions,
  log: Logger,
): Promise<LocalCluster> {
  const cluster = await createLocalCluster({
    port,
    minReadySpeed,
    imageExists: imageInRegistry(`http://${registryHost}`),
    failed: (key, error) => log.error('The embedded cluster failed', { key, error }),
    ...(folder.isKept && { dataDir: `${folder.path}/cluster` }),
  });
  observePods(cluster.store, tell);
  return cluster;
}

function startServer(of: {
  configuration: Configuration;
  kubeconfig: string;
  secret: string;
  port: number;
  log: Logger;
  functions: FunctionPorts;
  tell: Tell;
}): Server {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(of.kubeconfig);
  return createServer({
    configuration: of.configuration,
    ports: { logger: of.log, now: of.functions.now },
    readSecret: () => of.secret,
    functions: (bus: Bus) => observedFunctions({ ...of.functions, bus }, of.tell),
    kubeConfig,
    port: of.port,
  });
}

function portOf(url: string | undefined): StackPorts['api'] {
  return url === undefined ? 0 : Number(new URL(url).port);
}
