import { betaPrefix, labels, prefix, roles } from '../../../shared/kmm/labels.ts';
import type { Marked, Objects } from './snapshot.ts';

/** The label that makes KMM's webhook refuse to delete a namespace. */
export const namespaceLabel = 'kmm.node.k8s.io/contains-modules';
export const workerAction = `${prefix}worker-action`;
export const pullPodType = `${prefix}pull-pod-type`;
export const jobType = `${prefix}job-type`;
const buildMarks = [`${prefix}resource-type`, `${prefix}pod-type`, pullPodType];

/** What KMM labelled and we did not: our pods and DaemonSets all bear `daemonset`. */
export const notOurs = `${labels.moduleName},!${labels.daemonSet}`;

/** All finalizers under the prefix are KMM's: nothing of ours has one. */
export function kmmFinalizers({ metadata }: Marked): string[] {
  return metadata.finalizers.filter((finalizer) => finalizer.startsWith(prefix));
}

export function isKmms({ metadata }: Marked): boolean {
  return metadata.labels[labels.daemonSet] === undefined;
}

/** Device plugin, DRA driver, or the loader of KMM 1.x. What bears no role counts as a loader: those are never deleted. */
export function roleOf({ metadata }: Marked): 'loader' | 'device-plugin' | 'dra' {
  const role = metadata.labels[labels.role];
  if (role === roles.devicePlugin) return 'device-plugin';
  return role === 'dra' ? 'dra' : 'loader';
}

export function isWorker({ metadata }: Marked): boolean {
  return metadata.labels[workerAction] !== undefined;
}

/** A pod of KMM 2.x that builds, signs or pulls. Those of a Job are not KMM 2.x's. */
export function isMaker({ metadata }: Marked): boolean {
  const ofJob = metadata.ownerReferences.some(({ kind }) => kind === 'Job');
  return !ofJob && buildMarks.some((mark) => metadata.labels[mark] !== undefined);
}

/** A pod of a DaemonSet of KMM: 1.x's loaders, device plugins, DRA drivers; with or without the DaemonSet. */
export function isDaemonPod(pod: Marked): boolean {
  const ofJob = pod.metadata.ownerReferences.some(({ kind }) => kind === 'Job');
  return isKmms(pod) && !ofJob && !isWorker(pod) && !isMaker(pod) && pod.metadata.labels[labels.role] !== undefined;
}

/** By the paths, which are compiled into KMM, whatever the installer called the object; ours point elsewhere. */
export function isKmmWebhook({ webhooks }: Objects['ValidatingWebhookConfiguration']): boolean {
  const own = webhooks.map(
    ({ name, clientConfig }) =>
      webhookPath.test(clientConfig?.service?.path ?? '') || name === 'namespace-deletion.kmm.sigs.k8s.io',
  );
  return own.length > 0 && own.every(Boolean);
}

const webhookPath = /^\/(?:validate|mutate)-kmm-sigs-x-k8s-io-v1beta\d-/;

/**
 * Labels of a node that nobody keeps up to date without KMM. Not among them: what the functions take over
 * (`<ns>.<mod>.ready`, `.device-plugin-ready`, `version-worker-pod`, `version-schedule-pod`, the kernel) and what is the
 * admin's (`version-module`).
 */
export function isStaleNodeLabel(key: string): boolean {
  if (key.startsWith(prefix)) return stale.test(key.slice(prefix.length));
  return key.startsWith(betaPrefix) && staleBeta.test(key.slice(betaPrefix.length));
}

// KMM 1.x's `<mod>.ready` has no namespace, and so no second dot.
const stale = /^(?:[^/]+\.(?:device-plugin-target|dra-target|dra-ready)|[^./]+\.(?:device-plugin-)?ready)$/;
const staleBeta = /^(?:version-module-loader\.|version-device-plugin\.)|\.(?:module-configured|module-in-use)$/;
