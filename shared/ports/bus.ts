import type { TargetKey, Trigger } from '../events/trigger.ts';

/** The functions that a queue feeds; each has a queue and a dead-letter queue of its own. */
export const queuedFunctions = [
  'node-changed',
  'image-changed',
  'module-changed',
  'job-finished',
  'rollout-changed',
  'inspect-image',
  'sign-image',
  're-resolve',
] as const;
export type QueuedFunction = (typeof queuedFunctions)[number];

export type Message =
  | { to: Exclude<QueuedFunction, 'inspect-image' | 'sign-image'>; trigger: Trigger; delaySeconds?: number }
  | { to: 'inspect-image'; inspect: InspectRequest; delaySeconds?: number }
  | { to: 'sign-image'; sign: SignRequest; delaySeconds?: number };

/** A request to look into an image once; the inspector reads everything else from the Module again. */
export interface InspectRequest {
  target: TargetKey;
  digest: string;
}

/** A request to sign, or to join a per-architecture image into the index of the final tag. */
export interface SignRequest {
  target: TargetKey;
  kind: 'sign' | 'join';
  inputs: string;
}

/** At least once, in any order. `delaySeconds` beyond what the queue can do is chained by the receiver. */
export interface Bus {
  publish(messages: readonly Message[]): Promise<void>;
}
