import { createEcrRegistry } from '../../adapters/ecr/create-ecr-registry.ts';
import { withEcr } from '../../adapters/ecr/with-ecr.ts';
import { once } from '../once.ts';
import { registry } from './registry.ts';

/** Looks images up; the AWS SDK is loaded at the first granted ECR image, never before. */
export const images = once(() => withEcr(registry(), createEcrRegistry()));
