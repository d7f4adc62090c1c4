import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { moduleChanged } from './module-changed.ts';

/** A queue of module and dockerfile triggers. */
export const handler = lambdaHandler({ to: 'module-changed', run: moduleChanged, ports: targetPorts, shell });
