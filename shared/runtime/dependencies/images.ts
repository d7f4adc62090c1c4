import { createEcrRegistry } from '../../adapters/ecr/create-ecr-registry.ts';
import { withEcr } from '../../adapters/ecr/with-ecr.ts';
import type { ImageFinder } from '../../ports/registry.ts';
import { once } from '../once.ts';
import { now } from './now.ts';
import { registry } from './registry.ts';

/** Looks images up: by ECR's API where a granted credential says so (AWS's SDK is loaded only then), else by the registry's. */
export const images = once((): ImageFinder => withEcr<ImageFinder>(registry(), createEcrRegistry({ now })));
