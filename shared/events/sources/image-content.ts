/** Manifests and indexes of images, OCI's and Docker's. Blobs are announced under other types. */
const manifestTypes = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

/** Configs of container images; whatever has another one is a chart, a policy, a signature, … */
const imageConfigTypes = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/** Layers that only signatures and attestations have; cosign gives them an image's config. */
const artifactLayer = /^application\/vnd\.(?:dev\.cosign|dev\.sigstore|in-toto)/;

/** `sha256-<hex>.sig` and the like (cosign), and the bare form that OCI referrers fall back to. */
const referrerTag = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/;

export interface PushedContent {
  mediaType?: string | undefined;
  /** The artifact type, or the config's media type, when the event says so. */
  artifactType?: string | undefined;
  tag?: string | undefined;
  /** Media types of config and layers, when the event lists them. */
  references?: readonly string[] | undefined;
}

/** Why this push is not of a container image; `undefined` when it is, or may be one. */
export function notAnImage({ mediaType, artifactType, tag, references = [] }: PushedContent): string | undefined {
  if (mediaType !== undefined && !manifestTypes.has(mediaType)) return 'not a manifest';
  if (tag !== undefined && referrerTag.test(tag)) return 'a signature, attestation or other referrer';
  if (artifactType !== undefined && !imageConfigTypes.has(artifactType)) return 'an artifact, not an image';
  if (references.some((type) => artifactLayer.test(type))) return 'a signature or attestation';
  const isIndex = mediaType?.includes('index') || mediaType?.includes('list');
  if (!isIndex && references.length > 0 && !references.some((type) => imageConfigTypes.has(type)))
    return 'an artifact, not an image';
  return undefined;
}
