import { connectionFromKubeconfig } from '../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { KmmError } from '../../shared/kmm/errors.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import { UsageError } from './errors.ts';

/** A client of the current context of a kubeconfig. In a file of its own: it brings client-node along. */
export async function connect(kubeconfig: string): Promise<Cluster> {
  try {
    const connection = await connectionFromKubeconfig(kubeconfig);
    return createKubernetesCluster({ ...connection, userAgent: 'kmm', attempts: 2, timeoutMs: 15_000 });
  } catch (cause) {
    // One line only: a parser quotes the lines that it can't read, and those of a kubeconfig may be keys.
    const [why] = cause instanceof KmmError ? cause.message.split('\n') : [];
    throw new UsageError(why ?? `The kubeconfig ${kubeconfig} can't be understood.`, { cause });
  }
}
