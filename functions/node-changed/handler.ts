import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { nodeChanged } from './node-changed.ts';

/** A queue of node triggers. */
export const handler = lambdaHandler({ to: 'node-changed', run: nodeChanged, ports: targetPorts, shell });
