import type { DesiredSettings } from '../desired/settings.ts';
import type { Builder } from '../ports/builder.ts';
import type { Bus } from '../ports/bus.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Logger } from '../ports/logger.ts';
import type { ImageFinder } from '../ports/registry.ts';
import type { Signer } from '../ports/signer.ts';
import type { Grant } from '../reconcile/grants.ts';
import type { HostAliases } from '../reconcile/image-matches.ts';

/** What the functions that bring targets in line need. Absent builder, signer: not configured here. */
export interface TargetPorts {
  cluster: Cluster;
  /** By the OCI distribution protocol. */
  images: ImageFinder;
  /** By ECR's own API, for granted repositories only. */
  ecr?: ImageFinder;
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
  /** `inspect-image` is deployed. */
  inspector: boolean;
  /** Kernels of one Module; more are refused. */
  maxKernels: number;
}
