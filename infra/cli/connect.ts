import type { KubernetesConnection } from '../../shared/adapters/kubernetes/connection.ts';
import { connectionFromKubeconfig } from '../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { KmmError } from '../../shared/kmm/errors.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import { UsageError } from './errors.ts';
import { createMigrationApi, type MigrationApi } from './migrate/migration-api.ts';

// In a file of its own: it brings client-node along.

/** A client of the current context of a kubeconfig. */
export function connect(kubeconfig: string): Promise<Cluster> {
  return connected(kubeconfig, (connection) =>
    createKubernetesCluster({ ...connection, userAgent: 'kmm', attempts: 2, timeoutMs: 15_000 }),
  );
}

/** The same for a migration, which touches more kinds. */
export function connectMigration(kubeconfig: string): Promise<MigrationApi> {
  return connected(kubeconfig, createMigrationApi);
}

async function connected<T>(kubeconfig: string, create: (connection: KubernetesConnection) => T): Promise<T> {
  try {
    return create(await connectionFromKubeconfig(kubeconfig));
  } catch (cause) {
    // One line only: a parser quotes the lines that it can't read, and those of a kubeconfig may be keys.
    const [why] = cause instanceof KmmError ? cause.message.split('\n') : [];
    throw new UsageError(why ?? `The kubeconfig ${kubeconfig} can't be understood.`, { cause });
  }
}
