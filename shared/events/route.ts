import { dedupe } from './dedupe.ts';
import type { Trigger } from './trigger.ts';

/** Which function a kind of trigger wakes. */
export const routes = {
  node: 'node-changed',
  rollout: 'rollout-changed',
  job: 'job-finished',
  finished: 'job-finished',
  module: 'module-changed',
  dockerfile: 'module-changed',
  image: 'image-changed',
  resolve: 're-resolve',
} as const satisfies Record<Trigger['kind'], string>;

/** A trigger on its way: one of the messages that a Bus takes. */
export interface RoutedTrigger {
  to: (typeof routes)[Trigger['kind']];
  trigger: Trigger;
  delaySeconds?: number;
}

/**
 * The messages of some triggers, each thing once. `delaySeconds` is for reviews: they come before the write that they show,
 * so a function that ran at once would read the old object.
 */
export function route(triggers: readonly Trigger[], delaySeconds = 0): RoutedTrigger[] {
  return dedupe(triggers).map((trigger) => ({
    to: routes[trigger.kind],
    trigger,
    ...(delaySeconds > 0 && { delaySeconds }),
  }));
}
