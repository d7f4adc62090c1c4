import type { Cluster } from '../../shared/ports/cluster.ts';
import type { ImageFinder } from '../../shared/ports/registry.ts';
import type { MigrationApi } from './migrate/migration-api.ts';
import type { RegistryChoice } from './plan/registry-choice.ts';

/** The effects of the commands that leave the machine; each is loaded on first use, so that `kmm lint` starts fast. */
export interface CliPorts {
  now: () => Date;
  /** Reads the kubeconfig file and makes a client of its current context. */
  connect: (kubeconfig: string) => Promise<Cluster>;
  /** The same for `kmm migrate`, which touches more kinds. */
  connectMigration: (kubeconfig: string) => Promise<MigrationApi>;
  registry: (choice: RegistryChoice) => Promise<ImageFinder>;
  fetch: typeof fetch;
}

export const realPorts: CliPorts = {
  now: () => new Date(),
  connect: async (kubeconfig) => (await import('./connect.ts')).connect(kubeconfig),
  connectMigration: async (kubeconfig) => (await import('./connect.ts')).connectMigration(kubeconfig),
  registry: async (choice) => (await import('./plan/create-registry.ts')).createRegistry(choice),
  fetch: (...request) => fetch(...request),
};
