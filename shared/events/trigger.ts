import type { Digest } from '../oci/digest.ts';

/** What an event comes down to (design: the way of an event). Nothing is ever *set from* a trigger: it only says where to look. */
export type Trigger =
  | NodeTrigger
  | RolloutTrigger
  | JobTrigger
  | ModuleTrigger
  | DockerfileTrigger
  | ImageTrigger
  | FinishedTrigger
  | ResolveTrigger;

export interface NodeTrigger {
  kind: 'node';
  name: string;
  change: 'joined' | 'changed' | 'left';
  /** What the review or event showed: hints for targets, read again before anything is set from them. */
  hint?: { kernelVersion: string; bootID: string; architecture: string };
}

/** A loader or device-plugin pod or DaemonSet changed. */
export interface RolloutTrigger {
  kind: 'rollout';
  namespace: string;
  /** The Module's name, from our label. */
  module: string;
  /** The node of the pod, when a pod changed. */
  node?: string;
  /** The last words of a loader that failed to unload: only the last DELETE review has them. Used for an Event, never for a decision. */
  unloadFailed?: { pod: string; exitCode: number; message: string };
}

/** A build Job ended. */
export interface JobTrigger {
  kind: 'job';
  namespace: string;
  module: string;
  name: string;
}

export interface ModuleTrigger {
  kind: 'module';
  namespace: string;
  name: string;
  deleted: boolean;
  /** What the review showed: the Module is read again until the API has it. */
  generation?: number;
}

/** The `dockerfile` key of a ConfigMap changed. */
export interface DockerfileTrigger {
  kind: 'dockerfile';
  namespace: string;
  configMap: string;
}

export interface ImageTrigger {
  kind: 'image';
  action: 'push' | 'delete';
  /** Registry host as an image reference has it, with its port: `registry.example:5000`. */
  registry: string;
  repository: string;
  tag?: string;
  digest?: Digest;
}

/** An inspection or a signing of ours ended; its result stands in the target's entry. */
export interface FinishedTrigger {
  kind: 'finished';
  target: TargetKey;
}

export interface ResolveTrigger {
  kind: 'resolve';
  scope: ResolveScope;
  /** `manual` and `sweep` ask the registry (the sweep in the target's slot); `retry` is a delayed follow-up of one target. */
  cause: 'manual' | 'sweep' | 'retry';
  /** Build or sign anew even when the image is there. */
  force?: boolean;
  /** When it was forced (RFC 3339), so that a message that comes twice is one force. */
  forcedAt?: string;
  /** Render the DaemonSets anew even when their template inputs are unchanged. */
  rollout?: boolean;
  /** How many delayed looks at a rolling-out target have gone, for the chain of delays. */
  attempt?: number;
}

/** All fields absent: everything. */
export interface ResolveScope {
  namespace?: string;
  module?: string;
  kernelVersion?: string;
  architecture?: string;
  node?: string;
}

/** The unit of every decision: one Module on one kernel on one architecture. */
export interface TargetKey {
  namespace: string;
  module: string;
  /** Exactly as `uname -r` has it. */
  kernelVersion: string;
  architecture: string;
}
