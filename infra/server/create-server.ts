import type { KubeConfig } from '@kubernetes/client-node';
import { clusterHook } from '../../functions/cluster-hook/cluster-hook.ts';
import { registryHook } from '../../functions/registry-hook/registry-hook.ts';
import { route } from '../../shared/events/route.ts';
import type { KeySet } from '../../shared/events/sources/oidc-token.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import { InvalidInput } from '../../shared/kmm/errors.ts';
import type { Bus } from '../../shared/ports/bus.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';
import { httpApp } from '../../shared/runtime/http-app.ts';
import { startSources } from '../../shared/runtime/secrets.ts';
import { parseSources } from '../../shared/runtime/source-configuration.ts';
import { within } from '../../shared/runtime/within.ts';
import { createLocalQueue, type LocalQueue, type QueueOptions } from '../local/queue/local-queue.ts';
import { type Functions, toConsumers } from './consumers.ts';
import { listen } from './listen.ts';
import type { TlsFiles } from './tls.ts';
import { watchCluster } from './watch.ts';

export interface ServerOptions {
  configuration: Configuration;
  ports: { logger: Logger; now: () => Date };
  /** The value of a configured secret; throws InvalidInput. */
  readSecret: (name: string) => string;
  /** The keys of an issuer of identity tokens, by the address of its JWKS. */
  keySet?: (jwksUri: string) => KeySet;
  /** Made with the server's own bus, for what they publish themselves. */
  functions: (bus: Bus) => Functions;
  /** The server watches this cluster itself; absent: hooks or Knative bring the events. */
  kubeConfig?: KubeConfig;
  host?: string;
  /** 0: any free one. */
  port?: number;
  /** Serve https with these files; absent: http, and somebody before us ends TLS. */
  tls?: TlsFiles;
  sweepMilliseconds?: number;
  queue?: Omit<QueueOptions, 'consumers' | 'logger'>;
}

export interface Server {
  /** Listens, watches, and resolves everything once: being woken is a hint. Returns the address. */
  start(): Promise<{ url: string; port: number }>;
  /** Refuses new work, finishes what is under way. What was delayed for longer is found by the next start. */
  stop(): Promise<void>;
  queue: LocalQueue;
}

/** Reviews come just before their write; functions read again by themselves when it has not landed yet. */
const reviewDelaySeconds = 0.05;
const sweepEvery = 5 * 60 * 1000;
const stopMilliseconds = 25_000;

/** All functions in one process: both doors, the queues between them, the sweep, and where asked the cluster's watch. */
export function createServer(options: ServerOptions): Server {
  const { kubeConfig } = options;
  const { logger } = options.ports;
  const queue = createLocalQueue({ ...options.queue, consumers: (bus) => toConsumers(options.functions(bus)), logger });
  const emit = (triggers: readonly Trigger[]): void => {
    // The local queue takes a message without waiting for anything; it can't be full or away.
    queue.publish(route(triggers)).catch((error: unknown) => logger.error('Triggers could not be queued', { error }));
  };
  const http = listen(httpApp(doors(options, queue), logger), {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    ...(options.tls && { tls: options.tls }),
    logger,
  });
  const stops: (() => Promise<void> | void)[] = [];

  return {
    queue,
    async start() {
      const address = await http.start();
      if (kubeConfig !== undefined) stops.push(startWatch(options, kubeConfig, emit, http.ready));
      else {
        emit([startUp]);
        http.ready();
      }
      const timer = setInterval(
        () => emit([{ kind: 'resolve', scope: {}, cause: 'sweep' }]),
        options.sweepMilliseconds ?? sweepEvery,
      );
      stops.push(() => clearInterval(timer));
      return address;
    },
    async stop() {
      for (const stop of stops.splice(0)) await stop();
      await http.stop();
      const left = await within(queue.close(), stopMilliseconds);
      if (left === 'late')
        logger.error('Stopped while functions were still running', { milliseconds: stopMilliseconds });
      else if (left.length > 0)
        logger.info('Stopped with delayed work, which the next start finds', { count: left.length });
    },
  };
}

const startUp: Trigger = { kind: 'resolve', scope: {}, cause: 'sweep' };

function doors({ configuration, ports, readSecret, keySet = noKeySet }: ServerOptions, bus: Bus) {
  const { ignoredTaints } = configuration;
  const secrets = configuration.clusterHookSecrets.map(readSecret);
  const { started, refused } = startSources(parseSources(configuration), { read: readSecret, keySet });
  for (const source of refused) ports.logger.error('Source not started', source);
  return [
    clusterHook({ secrets, ignoredTaints, reviewDelaySeconds }, { bus, logger: ports.logger }),
    registryHook(started, { ignoredTaints }, { bus, logger: ports.logger, now: ports.now }),
  ];
}

function noKeySet(): never {
  throw new InvalidInput('identity tokens are not checked here');
}

/** Ready, and everything resolved once, when all has been listed: from then on no change is missed. */
function startWatch(
  { configuration, ports }: ServerOptions,
  kubeConfig: KubeConfig,
  emit: (triggers: readonly Trigger[]) => void,
  ready: () => void,
): () => Promise<void> {
  const { namespaces, ignoredTaints } = configuration;
  const watch = watchCluster({
    kubeConfig,
    ignoredTaints,
    emit,
    logger: ports.logger,
    ...(namespaces && { namespaces }),
  });
  void watch.synced.then(() => {
    emit([startUp]);
    ready();
  });
  return () => watch.stop();
}
