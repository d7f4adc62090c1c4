import { kernelLabelValue } from '../kmm/kernel-label-value.ts';
import { annotations, labels, prefix, roles } from '../kmm/labels.ts';
import type { ContainerStatus, Node, Pod } from '../kubernetes/objects.ts';
import { devicePluginContainer } from './device-plugin-daemonset.ts';
import { loaderContainer } from './loader-pod.ts';

/** A merge patch of our own keys. `null` removes. */
export interface NodePatch {
  metadata: { labels?: Record<string, string | null>; annotations?: Record<string, string | null> };
}

/**
 * Ready labels of a node, for all Modules in one patch; undefined when nothing differs. `pods` are all our pods on it, and
 * `namespaces` the ones that they were listed from (absent: all): labels of other namespaces' Modules are not ours to judge.
 * Decided by the containers, not by the pods' Ready condition: that one turns false on a node that went silent, and nothing
 * was unloaded there.
 */
export function planNodeLabels(of: { node: Node; pods: Pod[]; namespaces?: readonly string[] }): NodePatch | undefined {
  const { node } = of;
  const pods = of.pods.filter((pod) => pod.metadata.labels[labels.daemonSet] !== undefined && isIn(of.namespaces, pod));
  const loaders = pods.filter((pod) => pod.metadata.labels[labels.role] === roles.moduleLoader);
  const plugins = pods.filter((pod) => pod.metadata.labels[labels.role] === roles.devicePlugin);
  const loaded = loaders.filter((pod) => isLoaded(pod, node));
  const wantedLabels = {
    ...kernelLabel(node),
    ...Object.fromEntries(loaded.flatMap(readyLabels)),
    ...Object.fromEntries(plugins.filter(isPluginReady).map((pod) => [labels.devicePluginReady(...moduleOf(pod)), ''])),
  };
  const wantedAnnotations = Object.fromEntries(loaded.map((pod) => loadedAnnotation(pod, loaded, node)));
  const kept = new Set(loaders.map((pod) => annotations.loaded(...moduleOf(pod))));
  return patchOf(
    difference(node.metadata.labels, wantedLabels, (key) => isReadyKey(key) && isNamespaceIn(of.namespaces, key)),
    // Kept while a loader pod stands: it is what tells a container of the boot before from a new one.
    difference(
      node.metadata.annotations,
      wantedAnnotations,
      (key) => isLoadedKey(key) && !kept.has(key) && isNamespaceIn(of.namespaces, key),
    ),
  );
}

/**
 * The loader's container is ready, and it did not start before the node's present boot: until the kubelet is back, the API
 * shows a rebooted node's pods as they were, ready and with the old container id.
 */
function isLoaded(pod: Pod, node: Node): boolean {
  const container = readyContainer(pod, loaderContainer);
  if (container === undefined) return false;
  const [bootId, containerId] = (node.metadata.annotations[annotations.loaded(...moduleOf(pod))] ?? '').split(' ');
  const isOfOldBoot = bootId !== bootIdOf(node) && containerId === container.containerID;
  return !isOfOldBoot;
}

function isPluginReady(pod: Pod): boolean {
  return readyContainer(pod, devicePluginContainer) !== undefined;
}

function readyContainer(pod: Pod, name: string): ContainerStatus | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  return pod.status?.containerStatuses?.find((container) => container.name === name && container.ready);
}

/** `.ready`, and for a version KMM's mark that the ordered upgrade of this node is done. */
function readyLabels(pod: Pod): [string, string][] {
  const [namespace, module] = moduleOf(pod);
  const version = pod.metadata.labels[labels.versionWorkerPod(namespace, module)];
  const ready: [string, string] = [labels.ready(namespace, module), ''];
  return version === undefined ? [ready] : [ready, [`${prefix}${namespace}.${module}.version.ready`, version]];
}

/** For clusters without the admission policy that sets it; the value is the same, so with it nothing is written. */
function kernelLabel(node: Node): Record<string, string> {
  const value = kernelLabelValue(node.status?.nodeInfo?.kernelVersion ?? '');
  return value === '' ? {} : { [labels.kernelVersion]: value };
}

/** `<bootID> <containerID>`. Of two ready loaders the one that stands there already: runs must agree. */
function loadedAnnotation(pod: Pod, loaded: Pod[], node: Node): [key: string, value: string] {
  const key = annotations.loaded(...moduleOf(pod));
  const values = loaded
    .filter((other) => annotations.loaded(...moduleOf(other)) === key)
    .map((other) => `${bootIdOf(node)} ${readyContainer(other, loaderContainer)?.containerID ?? ''}`);
  const live = node.metadata.annotations[key];
  return [key, values.find((value) => value === live) ?? values[0] ?? ''];
}

function bootIdOf(node: Node): string {
  return node.status?.nodeInfo?.bootID ?? '';
}

function moduleOf(pod: Pod): [namespace: string, module: string] {
  return [pod.metadata.namespace ?? '', pod.metadata.labels[labels.moduleName] ?? ''];
}

// `<ns>.<mod>.ready`, `.device-plugin-ready`, `.version.ready`. KMM 1.x's `<mod>.ready` has no namespace: not ours.
const readyKey = /^[^./]+\..+\.(?:ready|device-plugin-ready)$/;
const loadedKey = /^[^./]+\..+\.loaded$/;

function isReadyKey(key: string): boolean {
  return key.startsWith(prefix) && readyKey.test(key.slice(prefix.length));
}

function isLoadedKey(key: string): boolean {
  return key.startsWith(prefix) && loadedKey.test(key.slice(prefix.length));
}

function isIn(namespaces: readonly string[] | undefined, pod: Pod): boolean {
  return namespaces === undefined || namespaces.includes(pod.metadata.namespace ?? '');
}

/** A namespace holds no dot, so it ends at the first one. */
function isNamespaceIn(namespaces: readonly string[] | undefined, key: string): boolean {
  return namespaces === undefined || namespaces.includes(key.slice(prefix.length).split('.')[0] ?? '');
}

/** What to set, and what to remove among the keys that nothing wants any more. */
function difference(
  live: Record<string, string>,
  wanted: Record<string, string>,
  isStale: (key: string) => boolean,
): Record<string, string | null> {
  const set = Object.entries(wanted).filter(([key, value]) => live[key] !== value);
  const removed = Object.keys(live).filter((key) => wanted[key] === undefined && isStale(key));
  return Object.fromEntries([...set, ...removed.map((key): [string, null] => [key, null])]);
}

function patchOf(
  changedLabels: Record<string, string | null>,
  changedAnnotations: Record<string, string | null>,
): NodePatch | undefined {
  const metadata = {
    ...(Object.keys(changedLabels).length > 0 ? { labels: changedLabels } : {}),
    ...(Object.keys(changedAnnotations).length > 0 ? { annotations: changedAnnotations } : {}),
  };
  return Object.keys(metadata).length === 0 ? undefined : { metadata };
}
