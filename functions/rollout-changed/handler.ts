import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { rolloutChanged } from './rollout-changed.ts';

/** A queue of rollout triggers. */
export const handler = lambdaHandler({ to: 'rollout-changed', run: rolloutChanged, ports: targetPorts, shell });
