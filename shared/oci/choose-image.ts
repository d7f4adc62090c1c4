import type { Digest } from './digest.ts';
import { parseManifest } from './parse-manifest.ts';
import { listPlatforms, selectPlatform } from './select-platform.ts';

/** The port's ImageLookup, which a pure room can't name. */
export type ImageChoice =
  | { kind: 'found'; digest: Digest; tagDigest: Digest; annotations: Record<string, string> }
  | { kind: 'missing'; platforms: string[] };

/**
 * What a manifest, stored as `tagDigest`, means for an architecture. A single manifest doesn't tell its platform (its
 * config does) and is taken for any. Annotations of an index's entry win over the index's own. Throws InvalidInput.
 */
export function chooseImage(
  { bytes, mediaType, digest: tagDigest }: { bytes: Uint8Array; mediaType: string; digest: Digest },
  architecture: string,
): ImageChoice {
  const manifest = parseManifest(bytes, mediaType);
  if (manifest.kind === 'image') {
    return { kind: 'found', digest: tagDigest, tagDigest, annotations: manifest.annotations };
  }
  const entry = selectPlatform(manifest.manifests, architecture);
  if (entry === undefined) return { kind: 'missing', platforms: listPlatforms(manifest.manifests) };
  return {
    kind: 'found',
    digest: entry.digest,
    tagDigest,
    annotations: { ...manifest.annotations, ...entry.annotations },
  };
}
