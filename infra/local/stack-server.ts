import { KubeConfig } from '@kubernetes/client-node';
import type { Bus } from '../../shared/ports/bus.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';
import { createServer, type Server } from '../server/create-server.ts';
import { observedFunctions } from './observed-functions.ts';
import type { Tell } from './stack-event.ts';
import type { FunctionPorts } from './stack-ports.ts';

export interface StackServerOptions {
  configuration: Configuration;
  /** The cluster that it watches. */
  kubeconfig: string;
  secret: string;
  port: number;
  ports: FunctionPorts;
  tell: Tell;
}

/** The product's server with the product's functions, under observation. */
export function stackServer({ configuration, kubeconfig, secret, port, ports, tell }: StackServerOptions): Server {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfig);
  return createServer({
    configuration,
    ports: { logger: ports.log, now: ports.now },
    readSecret: () => secret,
    functions: (bus: Bus) => observedFunctions({ ...ports, bus }, tell),
    kubeConfig,
    port,
  });
}
