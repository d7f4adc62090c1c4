import { setTimeout as sleep } from 'node:timers/promises';
import { connectionFromKubeconfig } from '../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { createOciRegistry } from '../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';

/** All ports of the functions but the bus, which comes with the server. Builder and signer are not there: none is configured. */
export type FunctionPorts = Omit<TargetPorts, 'bus' | 'ecr' | 'builder' | 'signer'>;

/** The real adapters for a cluster and a configuration. `fieldManager` names who writes. */
export async function functionPorts(
  kubeconfig: string,
  configuration: Configuration,
  log: Logger,
  fieldManager?: string,
): Promise<FunctionPorts> {
  const { registries, grants, ignoredTaints, maxKernels, firmwareHostPath } = configuration;
  const connection = await connectionFromKubeconfig(kubeconfig);
  return {
    cluster: createKubernetesCluster({ ...connection, log, ...(fieldManager !== undefined && { fieldManager }) }),
    images: createOciRegistry({ loopbackRegistries: registries.loopback, plainHttp: registries.plainHttp }),
    log,
    now: () => new Date(),
    sleep: (milliseconds) => sleep(milliseconds),
    settings: {
      desired: { firmwareHostPath },
      grants,
      ignoredTaints,
      hostAliases: registries.hostAliases,
      inspector: false,
      maxKernels,
    },
  };
}
