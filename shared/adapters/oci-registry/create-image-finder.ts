import type { ImageFinder } from '../../ports/registry.ts';
import { createClient } from './client.ts';
import { createFindImage } from './find-image.ts';
import { createManifests } from './manifests.ts';
import type { OciRegistryOptions } from './options.ts';

/** Looks images up and does nothing else: most functions need no more, and their bundles hold no uploads. */
export function createImageFinder(options: OciRegistryOptions = {}): ImageFinder {
  return { findImage: createFindImage(createManifests(createClient(options))) };
}
