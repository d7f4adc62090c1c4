import type { Digest } from '../../../shared/oci/digest.ts';
import type { Descriptor } from '../../../shared/oci/manifest.ts';

export type HappeningAction = 'push' | 'pull' | 'mount' | 'delete';

/** Something that a registry tells its listeners. A deletion names a digest or a tag and nothing else, as in CNCF Distribution. */
export type Happening =
  | { action: 'push' | 'pull'; repository: string; content: HappeningContent }
  | { action: 'mount'; repository: string; content: HappeningContent; fromRepository: string }
  | { action: 'delete'; repository: string; deleted: { digest: Digest } | { tag: string } };

export interface HappeningContent {
  kind: 'blobs' | 'manifests';
  mediaType: string;
  digest: Digest;
  size: number;
  tag?: string;
  references?: Descriptor[];
}

/** Blobs have no media type of their own. */
export function blobContent(digest: Digest, size: number): HappeningContent {
  return { kind: 'blobs', mediaType: 'application/octet-stream', digest, size };
}
