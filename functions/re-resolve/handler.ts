import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { reResolve } from './re-resolve.ts';

/** A queue of resolve triggers; the schedule may call it straight. */
export const handler = lambdaHandler({ to: 're-resolve', run: reResolve, ports: targetPorts, shell });
