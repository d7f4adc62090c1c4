import { connectionFromKubeconfig } from '../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { KmmError } from '../../shared/kmm/errors.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import { UsageError } from './errors.ts';

/** A client of the current context of a kubeconfig. In a file of its own: it brings client-node along. */
export async function connect(kubeconfig: string): Promise<Cluster> {
  try {
    const connection = await connectionFromKubeconfig(kubeconfig);
    return createKubernetesCluster({ ...connection, userAgent: 'kmm', attempts: 3, timeoutMs: 15_000 });
  } catch (cause) {
    if (cause instanceof KmmError) throw cause;
    // Never the parser's own words: they may quote a line of the file, and that may be a key.
    throw new UsageError(
      `The kubeconfig ${kubeconfig} is not one that can be understood: kubectl --kubeconfig ${kubeconfig} config view shows what is wrong.`,
      { cause },
    );
  }
}
