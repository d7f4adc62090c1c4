import { isImageMediaType } from './media-types.ts';
import type { IndexEntry, Platform } from './parse-manifest.ts';

/**
 * Variants that a machine of that architecture runs, best first; '' is an entry without one. Kubernetes' `arm` says nothing
 * of the variant, so the newest goes first; a plain amd64 image runs everywhere, the higher levels need a newer CPU.
 */
const variants: Record<string, readonly string[]> = {
  amd64: ['', 'v1', 'v2', 'v3', 'v4'],
  arm64: ['', 'v8'],
  arm: ['v7', '', 'v6', 'v5', 'v8'],
};

/**
 * The image manifest of an index for Linux on `architecture` (Kubernetes' name for it). An entry that names no platform
 * serves any, when there is no better one. Attestations (`unknown/unknown`) and artifacts are never chosen.
 */
export function selectPlatform(manifests: readonly IndexEntry[], architecture: string): IndexEntry | undefined {
  const images = manifests.filter(isImage);
  const fitting = images.filter(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture);
  const order = variants[architecture] ?? [''];
  for (const variant of order) {
    const match = fitting.find(({ platform }) => (platform?.variant ?? '') === variant);
    if (match !== undefined) return match;
  }
  return fitting[0] ?? images.find(({ platform }) => platform === undefined);
}

/** What an index offers, for people: `linux/arm64/v8`. */
export function listPlatforms(manifests: readonly IndexEntry[]): string[] {
  const names = manifests.flatMap(({ platform }) =>
    platform === undefined || isUnknown(platform) ? [] : [nameOf(platform)],
  );
  return [...new Set(names)].slice(0, 20);
}

function isImage({ mediaType, platform, artifactType, annotations }: IndexEntry): boolean {
  if (!isImageMediaType(mediaType) || (platform !== undefined && isUnknown(platform))) return false;
  return artifactType === undefined && annotations?.['vnd.docker.reference.type'] === undefined;
}

function isUnknown({ os, architecture }: Platform): boolean {
  return os === 'unknown' || architecture === 'unknown';
}

function nameOf({ os, architecture, variant }: Platform): string {
  return `${os}/${architecture}${variant === undefined ? '' : `/${variant}`}`.slice(0, 60);
}
