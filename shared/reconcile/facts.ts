import type { TargetKey } from '../events/trigger.ts';
import type { Resolution } from '../kmm/module-loader-data.ts';
import type { KernelEntry } from '../kmm/status.ts';
import type { Digest } from '../oci/digest.ts';

/** Everything that planTarget decides on: gathered before, and never read again after. */
export interface TargetFacts {
  target: TargetKey;
  now: Date;
  /** `metadata.generation` of the Module. */
  generation: number;
  resolution: Resolution;
  /** Another kernel of the Module that has the same label value and comes first. */
  collidesWith?: string;
  entry: KernelEntry | undefined;
  options: TargetOptions;
  capabilities: Capabilities;
  /** What brought us here, as far as it matters to a decision. */
  cause: Cause;
  /** What a user asked to be made anew, as it stands now (request.ts). */
  request: string;
  /** Fingerprint of the signing key as it is now; absent when signing is not configured or the key can't be used. */
  keyFingerprint?: string;
  /** Why the configured key can't be used, in words. */
  keyProblem?: string;
  image: ImageFact;
  /** What the registry says to the digest that runs, where it stays though the tag is gone or moved on. */
  running?: ImageFact;
  /** Looked up only when the rows need it. */
  unsigned?: ImageFact;
  /** The per-architecture tag of a build without sign, when there is such a tag. */
  perArchitecture?: ImageFact;
  /** Read only when a build is configured and the image has to be made. */
  builds?: BuildFacts;
  daemonSet?: LiveDaemonSet;
  /** The template inputs (design: objects) that a DaemonSet for this digest has. */
  templateInputs: (digest: Digest) => string;
  /** Words of a pod of the current template that can't start, when pods were read. */
  podTrouble?: string;
  /** Pods and the nodes of unready ones were read: only then `podTrouble` and `onDeadNodes` mean something. */
  podsSeen: boolean;
}

export interface TargetOptions {
  followTag: boolean;
  paused: boolean;
  skipInspection: boolean;
  deniedMeansMissing: boolean;
}

/** What this installation has. `none`, `false`: counts as not configured, and the reason names it. */
export interface Capabilities {
  builder: 'none' | 'job' | 'external';
  signer: boolean;
  inspector: boolean;
}

export interface Cause {
  /** A registry event of this target: retries are due at once. */
  imageEvent: boolean;
  /** Render the DaemonSet anew though its inputs are equal. */
  rollout: boolean;
  /** Which delayed look at a rolling-out target this is. */
  attempt?: number;
}

export type ImageFact =
  | { kind: 'found'; digest: Digest; tagDigest: Digest; identity?: string }
  | { kind: 'missing'; platforms: string[] }
  | { kind: 'unreachable'; code: string; detail: string; message: string; denied: boolean; retryAfterSeconds?: number };

/** One attempt at a build; `endedAt` in RFC 3339 unless it runs. */
export type BuildJob = { name: string; identity: string; attempt: number } & (
  | { phase: 'running' }
  | { phase: 'succeeded' | 'failed'; endedAt: string; message?: string }
);

/** `unbuildable`: an input is missing (no ConfigMap, no key `dockerfile`), said in words. */
export type BuildFacts =
  | { kind: 'known'; identity: string; jobs: BuildJob[]; startedLastHour: number }
  | { kind: 'unbuildable'; message: string };

/** The target's DaemonSet as it stands in the cluster. */
export interface LiveDaemonSet {
  name: string;
  uid: string;
  resourceVersion: string;
  templateInputs: string;
  /** Digest in its image, "" when it bears none. */
  digest: string;
  /** The image reference by tag that it was made for. */
  image: string;
  /** `observedGeneration` is current. */
  observed: boolean;
  desired: number;
  current: number;
  updated: number;
  available: number;
  /** Nodes whose pods can't be available since they are NotReady; 0 when nodes were not read. */
  onDeadNodes: number;
  /** Those of them whose pod counts as updated all the same. */
  updatedOnDeadNodes: number;
}
