import type { Toleration } from '../kubernetes/objects.ts';

/**
 * The mapping resolved for one kernel: templates replaced, levels merged, defaults filled in. Nothing later looks back
 * into the Module. Named and shaped after KMM's own ModuleLoaderData.
 */
export interface ModuleLoaderData {
  namespace: string;
  name: string;
  /** uid of the Module, for owner references; "" offline. */
  uid: string;
  /** `uname -r` of the node, untouched: directories on the node bear it. */
  kernelVersion: string;
  /** Each rune that is illegal in a tag replaced by one `_`: the form that templates see. */
  kernelNormalizedVersion: string;
  mapping: { index: number; literal?: string; regexp?: string };
  containerImage: string;
  imagePullPolicy?: string;
  registryTLS: Tls;
  imageRepoSecret?: string;
  serviceAccountName?: string;
  version?: string;
  selector: Record<string, string>;
  tolerations: Toleration[];
  inTreeModulesToRemove: string[];
  modprobe: ResolvedModprobe;
  build?: ResolvedBuild;
  sign?: ResolvedSign;
  imageRebuildTriggerGeneration?: number;
  /** The Module's annotations under our prefix that shape the pod (pod-options.ts). */
  podOptions: PodOptions;
}

export interface Tls {
  insecure: boolean;
  insecureSkipTLSVerify: boolean;
}

export interface ResolvedModprobe {
  /** Absent with `rawArgs` only. */
  moduleName?: string;
  parameters: string[];
  /** Without a final slash; `/opt` by default. */
  dirName: string;
  args?: { load?: string[]; unload?: string[] };
  rawArgs?: { load?: string[]; unload?: string[] };
  firmwarePath?: string;
  modulesLoadingOrder: string[];
}

export interface ResolvedBuild {
  dockerfileConfigMap: string;
  /** The Module's own, deduplicated by name; the built-in ones are added by the builder. */
  buildArgs: { name: string; value: string }[];
  secrets: string[];
  baseImageRegistryTLS: Tls;
  kanikoParams?: { tag?: string };
  selector: Record<string, string>;
}

export interface ResolvedSign {
  /** With a build only shown, as in KMM: what is signed then is the build's unsigned reference. Never absent without one. */
  unsignedImage?: string;
  unsignedImageRegistryTLS: Tls;
  keySecret: string;
  certSecret: string;
  filesToSign: string[];
}

/** Annotations of the Module that change what its pods look like or how they roll. */
export interface PodOptions {
  /** `kmm.node.kubernetes.io/loader-shape`: `direct` or `copy`; absent: `copy` when a loader image is configured. */
  shape?: 'direct' | 'copy';
  /** `kmm.node.kubernetes.io/termination-grace-period-seconds`, 600 by default. */
  gracePeriodSeconds: number;
  /** `kmm.node.kubernetes.io/max-unavailable`: the widened value after the canary, `10%` by default. */
  maxUnavailable: string;
}

/** What a Module says about one kernel. `no-module-loader`: only a device plugin (in-tree mode). */
export type Resolution =
  | { outcome: 'resolved'; data: ModuleLoaderData }
  | { outcome: 'no-mapping'; error: string }
  | { outcome: 'no-module-loader' }
  | { outcome: 'invalid'; error: string; mapping?: ModuleLoaderData['mapping'] };
