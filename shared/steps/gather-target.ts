import { shapeOf } from '../desired/shape.ts';
import { templateInputs } from '../desired/template-inputs.ts';
import { entryKey } from '../kmm/labels.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { Capabilities, ImageFact, TargetFacts } from '../reconcile/facts.ts';
import { type KnownModule, optionsOf } from '../reconcile/known-module.ts';
import { findCollision } from '../reconcile/label-collision.ts';
import type { PodHealth } from '../reconcile/pod-health.ts';
import { requestOf } from '../reconcile/request.ts';
import type { Wanted } from '../reconcile/select-targets.ts';
import { gatherMaking } from './gather-making.ts';
import { toLiveDaemonSet } from './live-daemon-set.ts';
import { lookUpRunning } from './look-up-running.ts';
import { knownDigests, lookUp } from './look-up-target-image.ts';
import type { RunReads } from './run-reads.ts';

/** What the run has read already that concerns this target. */
export interface Seen {
  daemonSet: DaemonSet | undefined;
  health: PodHealth | undefined;
  /** `status.kernels` keys of all targets of the Module. */
  siblings: readonly string[];
}

/** Reads what the decision table needs for one target, and no more: most rows need neither builds nor unsigned image. */
export async function gatherTarget(
  wanted: Wanted,
  module: KnownModule,
  seen: Seen,
  ports: TargetPorts,
  reads: RunReads,
): Promise<TargetFacts> {
  const { target } = wanted;
  const resolution = module.resolve(target.kernelVersion);
  const entry = module.status.kernels[entryKey(target)];
  const { imageRebuildTriggerGeneration } = module.spec ?? {};
  const request = requestOf(module.annotations, imageRebuildTriggerGeneration, target, entry?.rebuilt?.request);
  const collidesWith = findCollision(target, seen.siblings);
  const facts: TargetFacts = {
    target,
    now: ports.now(),
    generation: module.generation,
    resolution,
    ...(collidesWith === undefined ? {} : { collidesWith }),
    entry,
    options: optionsOf(module),
    capabilities: capabilitiesOf(ports),
    cause: { imageEvent: wanted.imageEvent, rollout: wanted.rollout, ...attemptOf(wanted) },
    request,
    image: { kind: 'missing', platforms: [] },
    templateInputs: () => '',
    podsSeen: seen.health !== undefined,
    ...(seen.daemonSet === undefined ? {} : { daemonSet: toLiveDaemonSet(seen.daemonSet, seen.health) }),
    ...(seen.health?.trouble === undefined ? {} : { podTrouble: seen.health.trouble }),
  };
  if (resolution.outcome !== 'resolved' || collidesWith !== undefined) return facts;
  const { data } = resolution;
  const shape = shapeOf(data.podOptions, ports.settings.desired);
  const resolved: TargetFacts = {
    ...facts,
    templateInputs: (digest) => templateInputs({ data, architecture: target.architecture, digest, shape }),
  };
  const remembered = wanted.asks ? undefined : imageOfEntry(entry, data, module.generation, request);
  if (remembered !== undefined) return { ...resolved, image: remembered, ...keyOfEntry(entry) };
  const image = await lookUp(data.containerImage, data, resolved, ports, reads);
  const running = await lookUpRunning({ ...resolved, image }, data, ports, reads);
  return gatherMaking({ ...resolved, image, ...running }, data, module, ports, reads);
}

/**
 * Whether the entry answers for the registry: the target runs or rolls out what the present spec names. Then node and pod
 * events ask neither registry nor Secrets.
 */
function imageOfEntry(
  entry: KernelEntry | undefined,
  data: ModuleLoaderData,
  generation: number,
  request: string,
): ImageFact | undefined {
  if (entry === undefined || !['Ready', 'RollingOut', 'RolloutFailed'].includes(entry.state)) return undefined;
  if (entry.observedGeneration !== generation || entry.image !== data.containerImage) return undefined;
  if (entry.rebuilt !== undefined && entry.rebuilt.request !== request) return undefined;
  const known = knownDigests(entry);
  return known === undefined ? undefined : { kind: 'found', ...known };
}

function keyOfEntry(entry: KernelEntry | undefined) {
  const keyFingerprint = entry?.rebuilt?.keyFingerprint;
  return keyFingerprint === undefined ? {} : { keyFingerprint };
}

function attemptOf(wanted: Wanted) {
  return wanted.attempt === undefined ? {} : { attempt: wanted.attempt };
}

function capabilitiesOf(ports: TargetPorts): Capabilities {
  return {
    builder: ports.builder?.kind ?? 'none',
    signer: ports.signer !== undefined,
    inspector: ports.settings.inspector,
  };
}
