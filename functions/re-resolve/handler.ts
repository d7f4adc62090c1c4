import { manual } from '../../shared/events/sources/manual.ts';
import { schedule } from '../../shared/events/sources/schedule.ts';
import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { reResolve } from './re-resolve.ts';

/** A queue of resolve triggers; the schedule and people may call it straight. */
export const handler = lambdaHandler({
  to: 're-resolve',
  run: reResolve,
  ports: targetPorts,
  shell,
  sources: [schedule, manual],
});
