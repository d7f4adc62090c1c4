import { renderDevicePluginDaemonSet } from '../desired/device-plugin-daemonset.ts';
import { annotations, labels, roles } from '../kmm/labels.ts';
import { podOptions } from '../kmm/pod-options.ts';
import type { Counters } from '../kmm/status.ts';
import type { DaemonSet, Manifest } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { isCollectable } from '../reconcile/collect.ts';
import { type KnownModule, optionsOf } from '../reconcile/known-module.ts';
import { deleteDaemonSet } from './apply-target.ts';
import { healthOf } from './read-health.ts';
import type { RunReads } from './run-reads.ts';
import { widenRollout } from './widen-rollout.ts';

/** Counters of the device plugin; absent when the Module has none. */
export interface PluginResult {
  counters: Counters | undefined;
}

/**
 * The device-plugin DaemonSet of the current version, whatever the targets' states: the ready label decides where it runs.
 * Older versions go when no node bears them, all of them when the Module has no device plugin any more.
 */
export async function runDevicePlugin(
  module: KnownModule,
  own: readonly DaemonSet[],
  looksAtPods: boolean,
  ports: TargetPorts,
  reads: RunReads,
): Promise<PluginResult> {
  const live = own.filter(
    ({ metadata }) =>
      metadata.labels[labels.moduleName] === module.name && metadata.labels[labels.role] === roles.devicePlugin,
  );
  const paused = optionsOf(module).paused;
  if (module.module === undefined || module.invalid !== undefined) return { counters: countersOf(live[0]) };
  const manifest = renderDevicePluginDaemonSet(module.module);
  const current = live.find(({ metadata }) => metadata.name === manifest?.metadata.name);
  if (paused) return { counters: countersOf(current) };
  for (const old of live) {
    if (old !== current && (manifest === undefined || isCollectable(old))) await deleteDaemonSet(old, ports);
  }
  if (manifest === undefined) return { counters: undefined };
  if (current === undefined || differs(manifest, current))
    await ports.cluster.apply('DaemonSet', guarded(manifest, current));
  else if (looksAtPods) {
    const health = await healthOf(module, current, ports, reads);
    await widenRollout(current, health, podOptions(module.annotations).maxUnavailable, ports);
  }
  return { counters: countersOf(current) };
}

function differs(manifest: Manifest, live: DaemonSet): boolean {
  return (
    manifest.metadata.annotations?.[annotations.templateInputs] !==
    live.metadata.annotations[annotations.templateInputs]
  );
}

function guarded(manifest: Manifest, live: DaemonSet | undefined): Manifest {
  if (live === undefined) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, resourceVersion: live.metadata.resourceVersion } };
}

function countersOf(live: DaemonSet | undefined): Counters {
  const desired = live?.status?.desiredNumberScheduled ?? 0;
  return {
    nodesMatchingSelectorNumber: desired,
    desiredNumber: desired,
    availableNumber: live?.status?.numberAvailable ?? 0,
  };
}
