import type { OciRegistry } from '../../ports/registry.ts';
import { createBlobs } from './blobs.ts';
import { createClient } from './client.ts';
import { createFindImage } from './find-image.ts';
import { createManifests } from './manifests.ts';
import type { OciRegistryOptions } from './options.ts';
import { createListReferrers } from './referrers.ts';
import { createListTags } from './tags.ts';
import { createUploads } from './uploads.ts';

/**
 * A client of OCI distribution registries. It keeps connections, challenges and tokens (per credential), nothing else; one
 * instance serves all registries and namespaces.
 */
export function createOciRegistry(options: OciRegistryOptions = {}): OciRegistry {
  const client = createClient(options);
  const manifests = createManifests(client);
  const blobs = createBlobs(client);
  return {
    ...manifests,
    ...blobs,
    ...createUploads(client, blobs.hasBlob, options.chunkBytes),
    findImage: createFindImage(manifests),
    listTags: createListTags(client, options.pageSize),
    listReferrers: createListReferrers(client, manifests.getManifest),
  };
}
