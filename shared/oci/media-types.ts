/** https://github.com/opencontainers/image-spec/blob/main/media-types.md and Docker's schema 2, its predecessor. */
export const imageMediaTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

export const indexMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

/** What we ask for and understand; without all four in `Accept`, registries convert or refuse. */
export const manifestMediaTypes: readonly string[] = [...indexMediaTypes, ...imageMediaTypes];

export function isImageMediaType(mediaType: string): boolean {
  return imageMediaTypes.some((known) => known === mediaType);
}

export function isIndexMediaType(mediaType: string): boolean {
  return indexMediaTypes.some((known) => known === mediaType);
}
