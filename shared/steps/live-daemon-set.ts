import { loaderDaemonSetName } from '../desired/names.ts';
import { liveDigest } from '../desired/pinned-image.ts';
import type { TargetKey } from '../events/trigger.ts';
import { annotations, entryKey, labels, roles } from '../kmm/labels.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { LiveDaemonSet } from '../reconcile/facts.ts';
import type { KnownModule } from '../reconcile/known-module.ts';
import type { PodHealth } from '../reconcile/pod-health.ts';

/** The facts of a DaemonSet of ours that the planner decides on. */
export function toLiveDaemonSet(daemonSet: DaemonSet, health?: PodHealth): LiveDaemonSet {
  const { metadata, status } = daemonSet;
  return {
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    templateInputs: metadata.annotations[annotations.templateInputs] ?? '',
    digest: liveDigest(daemonSet) ?? '',
    image: metadata.annotations[annotations.image] ?? '',
    observed: status !== undefined && status.observedGeneration === metadata.generation,
    desired: status?.desiredNumberScheduled ?? 0,
    current: status?.currentNumberScheduled ?? 0,
    updated: status?.updatedNumberScheduled ?? 0,
    available: status?.numberAvailable ?? 0,
    onDeadNodes: health?.desiredOnDeadNodes ?? 0,
    updatedOnDeadNodes: health?.updatedOnDeadNodes ?? 0,
  };
}

/** The loader DaemonSets of a target: of any version, and the one that the present spec means. */
export function loaderDaemonSetsOf(
  module: KnownModule,
  target: TargetKey,
  own: readonly DaemonSet[],
): { current: DaemonSet | undefined; all: DaemonSet[] } {
  const all = own.filter(
    ({ metadata }) => isLoaderOf(module.name, metadata) && targetOf(metadata) === entryKey(target),
  );
  const version = module.spec?.moduleLoader?.container?.version;
  const name = loaderDaemonSetName({ ...target, version: version === '' ? undefined : version });
  const current = all.find(({ metadata }) => metadata.name === name);
  const unresolved = module.resolve(target.kernelVersion).outcome !== 'resolved';
  return { current: current ?? (unresolved ? all[0] : undefined), all };
}

export function isLoaderOf(module: string, metadata: DaemonSet['metadata']): boolean {
  return metadata.labels[labels.moduleName] === module && metadata.labels[labels.role] === roles.moduleLoader;
}

/** The `status.kernels` key that a loader DaemonSet of ours was made for. */
export function targetOf({ annotations: marks }: DaemonSet['metadata']): string {
  return `${marks[annotations.kernelVersion] ?? ''}/${marks[annotations.architecture] ?? ''}`;
}
