import { renderDevicePluginDaemonSet } from '../desired/device-plugin-daemonset.ts';
import { annotations, labels, roles } from '../kmm/labels.ts';
import { podOptions } from '../kmm/pod-options.ts';
import type { Counters } from '../kmm/status.ts';
import type { DaemonSet, Manifest } from '../kubernetes/objects.ts';
import { ClusterError } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { isCollectable } from '../reconcile/collect.ts';
import { type KnownModule, optionsOf } from '../reconcile/known-module.ts';
import { deleteDaemonSet } from './apply-target.ts';
import { healthOf } from './read-health.ts';
import type { RunReads } from './run-reads.ts';
import { widenRollout } from './widen-rollout.ts';

/** Characters of the server's words that a condition shows. */
const longestProblem = 1024;

/** Counters of the device plugin; absent when the Module has none. */
export interface PluginResult {
  counters: Counters | undefined;
  /** Why the API server refused its DaemonSet for good. */
  problem?: string;
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
  const unneeded = live.filter((old) => old !== current && (manifest === undefined || isCollectable(old)));
  for (const old of unneeded) await deleteDaemonSet(old, ports);
  if (manifest === undefined) return { counters: undefined };
  const counters = countersOf(current);
  if (current === undefined || differs(manifest, current)) {
    const problem = await applyPlugin(guarded(manifest, current), ports);
    return { counters, ...(problem === undefined ? {} : { problem }) };
  }
  if (looksAtPods) await widenPlugin(module, current, ports, reads);
  return { counters };
}

async function widenPlugin(
  module: KnownModule,
  current: DaemonSet,
  ports: TargetPorts,
  reads: RunReads,
): Promise<void> {
  const health = await healthOf(module, current, ports, reads);
  await widenRollout(current, health, podOptions(module.annotations).maxUnavailable, ports);
}

/** What a user wrote of volumes or containers may be refused (422, 403): that stops none of the Module's targets. */
async function applyPlugin(manifest: Manifest, { cluster, log }: TargetPorts): Promise<string | undefined> {
  try {
    await cluster.apply('DaemonSet', manifest);
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterError) || !['INVALID', 'FORBIDDEN'].includes(error.code)) throw error;
    log.error('the API server refused a device plugin', { daemonSet: manifest.metadata.name, error: error.message });
    return error.message.slice(0, longestProblem);
  }
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
