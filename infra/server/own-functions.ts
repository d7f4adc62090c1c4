import { imageChanged } from '../../functions/image-changed/image-changed.ts';
import { jobFinished } from '../../functions/job-finished/job-finished.ts';
import { moduleChanged } from '../../functions/module-changed/module-changed.ts';
import { nodeChanged } from '../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../functions/re-resolve/re-resolve.ts';
import { rolloutChanged } from '../../functions/rollout-changed/rollout-changed.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import type { Functions } from './consumers.ts';

/** The functions that a server runs for its queues, with the same ports for all. */
export function ownFunctions(ports: TargetPorts): Functions {
  return {
    'node-changed': (triggers: Trigger[]) => nodeChanged(triggers, ports),
    'image-changed': (triggers: Trigger[]) => imageChanged(triggers, ports),
    'module-changed': (triggers: Trigger[]) => moduleChanged(triggers, ports),
    'job-finished': (triggers: Trigger[]) => jobFinished(triggers, ports),
    'rollout-changed': (triggers: Trigger[]) => rolloutChanged(triggers, ports),
    're-resolve': (triggers: Trigger[]) => reResolve(triggers, ports),
  };
}
