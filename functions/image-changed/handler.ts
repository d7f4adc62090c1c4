import { ecr } from '../../shared/events/sources/ecr.ts';
import { shell } from '../../shared/runtime/dependencies/shell.ts';
import { targetPorts } from '../../shared/runtime/dependencies/target-ports.ts';
import { lambdaHandler } from '../../shared/runtime/lambda-handler.ts';
import { imageChanged } from './image-changed.ts';

/** A queue of image triggers; EventBridge may call it straight with ECR events. */
export const handler = lambdaHandler({
  to: 'image-changed',
  run: imageChanged,
  ports: targetPorts,
  shell,
  sources: [ecr],
});
