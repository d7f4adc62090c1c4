import { imageChanged } from '../../functions/image-changed/image-changed.ts';
import { jobFinished } from '../../functions/job-finished/job-finished.ts';
import { moduleChanged } from '../../functions/module-changed/module-changed.ts';
import { nodeChanged } from '../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../functions/re-resolve/re-resolve.ts';
import { rolloutChanged } from '../../functions/rollout-changed/rollout-changed.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import type { Functions } from './consumers.ts';

/** The product's functions with their ports, as the server's queues feed them. */
export function targetFunctions(ports: TargetPorts): Functions {
  return {
    'node-changed': (triggers) => nodeChanged(triggers, ports),
    'image-changed': (triggers) => imageChanged(triggers, ports),
    'module-changed': (triggers) => moduleChanged(triggers, ports),
    'job-finished': (triggers) => jobFinished(triggers, ports),
    'rollout-changed': (triggers) => rolloutChanged(triggers, ports),
    're-resolve': (triggers) => reResolve(triggers, ports),
  };
}
