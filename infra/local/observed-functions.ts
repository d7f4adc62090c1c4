import { imageChanged } from '../../functions/image-changed/image-changed.ts';
import { jobFinished } from '../../functions/job-finished/job-finished.ts';
import { moduleChanged } from '../../functions/module-changed/module-changed.ts';
import { nodeChanged } from '../../functions/node-changed/node-changed.ts';
import { reResolve } from '../../functions/re-resolve/re-resolve.ts';
import { rolloutChanged } from '../../functions/rollout-changed/rollout-changed.ts';
import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import type { Functions } from '../server/consumers.ts';
import { observeRun } from './observe-run.ts';
import type { Tell } from './stack-event.ts';

const functions = {
  'node-changed': nodeChanged,
  'image-changed': imageChanged,
  'module-changed': moduleChanged,
  'job-finished': jobFinished,
  'rollout-changed': rolloutChanged,
  're-resolve': reResolve,
};

/** The product's own functions; each run tells what it does. */
export function observedFunctions(ports: TargetPorts, tell: Tell): Functions {
  const observed = <N extends keyof typeof functions>(name: N) => ({
    [name]: (triggers: Trigger[]) => runObserved(name, triggers, ports, tell),
  });
  return {
    ...observed('node-changed'),
    ...observed('image-changed'),
    ...observed('module-changed'),
    ...observed('job-finished'),
    ...observed('rollout-changed'),
    ...observed('re-resolve'),
  };
}

async function runObserved(
  name: keyof typeof functions,
  triggers: Trigger[],
  ports: TargetPorts,
  tell: Tell,
): Promise<Outcome[]> {
  const observed = observeRun({ function: name, triggers }, ports, tell);
  try {
    const outcomes = await functions[name](triggers, observed.ports);
    observed.end(outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.error.message] : [])));
    return outcomes;
  } catch (error) {
    observed.end([error instanceof Error ? error.message : String(error)]);
    throw error;
  }
}
