import type { OwnerReference, Toleration } from '../kubernetes/objects.ts';

/** KMM's own: a node under pressure still needs its modules. */
const pressureTolerations: Toleration[] = ['disk', 'memory', 'pid'].map((resource) => ({
  key: `node.kubernetes.io/${resource}-pressure`,
  operator: 'Exists',
  effect: 'NoSchedule',
}));

export function podTolerations(own: Toleration[]): Toleration[] {
  return [...own, ...pressureTolerations];
}

/**
 * The Module controls what we make for it, so that deleting it cleans up; none offline, where there is no uid. Without
 * `blockOwnerDeletion`: where its admission is on (OpenShift), that would need the right to set the Module's finalizers.
 */
export function ownedBy(module: { name: string; uid: string }): { ownerReferences?: OwnerReference[] } {
  if (module.uid === '') return {};
  const { name, uid } = module;
  return {
    ownerReferences: [{ apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', name, uid, controller: true }],
  };
}

/** Every update starts with one node (the canary); `planRollout` widens it. A new DaemonSet is not slowed by this. */
export const canaryRollout = {
  minReadySeconds: 10,
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
} as const;

/** Label `version-worker-pod` and the like, when the Module has a version. */
export function versionLabel(key: string, version: string | undefined): Record<string, string> {
  return version === undefined || version === '' ? {} : { [key]: version };
}

/** A volume of a directory of the node. */
export function hostPath(name: string, path: string, type: 'Directory' | 'DirectoryOrCreate') {
  return { name, hostPath: { path, type } };
}
