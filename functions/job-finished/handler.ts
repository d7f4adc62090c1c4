import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { jobFinished } from './job-finished.ts';

/** A queue of job and finished triggers. */
export const handler = lambdaHandler({ to: 'job-finished', run: jobFinished, ports: targetPorts, shell });
