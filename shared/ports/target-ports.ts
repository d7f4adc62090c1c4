import type { DesiredSettings } from '../desired/settings.ts';
import type { Grant } from '../reconcile/grants.ts';
import type { HostAliases } from '../reconcile/image-matches.ts';
import type { Builder } from './builder.ts';
import type { Bus } from './bus.ts';
import type { Cluster } from './cluster.ts';
import type { Logger } from './logger.ts';
import type { ImageFinder } from './registry.ts';
import type { Signer } from './signer.ts';

/** What the functions that bring targets in line need. Absent builder, signer: not configured here. */
export interface TargetPorts {
  cluster: Cluster;
  /** Registries by the distribution protocol, and ECR by its own API where a credential of that kind says so. */
  images: ImageFinder;
  bus: Bus;
  builder?: Builder;
  signer?: Signer;
  log: Logger;
  now: () => Date;
  sleep: (milliseconds: number) => Promise<void>;
  settings: ReconcileSettings;
}

/** What the installation (not a Module) says. */
export interface ReconcileSettings {
  desired: DesiredSettings;
  /** Ambient credentials serve only these. */
  grants: readonly Grant[];
  /** Taints that never exclude a node (reconcile/select-node.ts). */
  ignoredTaints: readonly string[];
  hostAliases: HostAliases;
  /** Only Modules of these are served, and only their labels on nodes are ours; absent: all. */
  namespaces?: readonly string[];
  /** `inspect-image` is deployed. */
  inspector: boolean;
  /** Kernels of one Module; more are refused. */
  maxKernels: number;
}
