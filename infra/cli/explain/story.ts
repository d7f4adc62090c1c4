import type { State } from '../../../shared/kmm/status.ts';

/** What `kmm explain` says about one target; `-o json` prints it as it is. */
export interface TargetStory {
  kernelVersion: string;
  architecture: string;
  /** Which one, and why. */
  mapping: string;
  /** Selected nodes that report this kernel and architecture. */
  nodes: number;
  image?: string;
  digest?: string;
  daemonSet?: string;
  /** Absent: the functions have not looked at this target yet. */
  state?: State;
  reason?: string;
  message?: string;
  /** RFC 3339 */
  nextTry?: string;
  rollout?: { desired: number; updated: number; available: number };
  /** The words of a pod that can't load it. */
  lastError?: string;
  /** What the namespace has against its pods. */
  namespace?: string;
  /** The Module has changed since this was written. */
  outdated: boolean;
  next: string;
}

export interface ModuleStory {
  namespace: string;
  module: string;
  conditions: { type: string; status: string; reason: string; message: string }[];
  devicePlugin?: { desiredNumber: number; availableNumber: number };
  targets: TargetStory[];
}

export interface NodeStory {
  namespace: string;
  module: string;
  node: string;
  loaded: boolean;
  /** Why it is, or is not, loaded there. */
  why: string;
  kernelVersion: string;
  architecture: string;
  pod?: { name: string; ready: boolean; restarts: number };
  target?: TargetStory;
  next: string;
}
