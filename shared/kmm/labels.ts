/** Prefix of KMM's labels and annotations, and ours. */
export const prefix = 'kmm.node.kubernetes.io/';
export const betaPrefix = 'beta.kmm.node.kubernetes.io/';

export const labels = {
  moduleName: `${prefix}module.name`,
  moduleNamespace: `${prefix}module.namespace`,
  role: `${prefix}role`,
  kernelVersion: `${prefix}kernel-version.full`,
  targetKernel: `${prefix}target-kernel`,
  /** The only selector of our DaemonSets: their own name. */
  daemonSet: `${prefix}daemonset`,
  ready: (namespace: string, module: string) => `${prefix}${namespace}.${module}.ready`,
  devicePluginReady: (namespace: string, module: string) => `${prefix}${namespace}.${module}.device-plugin-ready`,
  /** The admin's wish: `version-module.<ns>.<mod>=<version>`. */
  versionModule: (namespace: string, module: string) => `${prefix}version-module.${namespace}.${module}`,
  versionWorkerPod: (namespace: string, module: string) => `${betaPrefix}version-worker-pod.${namespace}.${module}`,
  versionSchedulePod: (namespace: string, module: string) => `${betaPrefix}version-schedule-pod.${namespace}.${module}`,
} as const;

export const roles = { moduleLoader: 'module-loader', devicePlugin: 'device-plugin' } as const;

export const annotations = {
  /** On a DaemonSet: sha256 of what its template shows. */
  templateInputs: `${prefix}template-inputs`,
  /** On a DaemonSet: the raw kernel, the architecture and the image reference by tag, for people and for collecting. */
  kernelVersion: `${prefix}kernel-version`,
  architecture: `${prefix}architecture`,
  image: `${prefix}image`,
  /** On a Node: `<bootID> <containerID>` of the loader that set the ready label. */
  loaded: (namespace: string, module: string) => `${prefix}${namespace}.${module}.loaded`,
  /** On a Module. */
  reResolve: `${prefix}re-resolve`,
  paused: `${prefix}paused`,
  followTag: `${prefix}follow-tag`,
  deniedMeansMissing: `${prefix}denied-means-missing`,
  skipInspection: `${prefix}skip-inspection`,
  loaderShape: `${prefix}loader-shape`,
  gracePeriod: `${prefix}termination-grace-period-seconds`,
  maxUnavailable: `${prefix}max-unavailable`,
  buildIdentity: `${prefix}build-identity`,
} as const;

/** `status.kernels` key of a target. */
export function entryKey(target: { kernelVersion: string; architecture: string }): string {
  return `${target.kernelVersion}/${target.architecture}`;
}
