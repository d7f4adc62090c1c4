import { gzipSync } from 'node:zlib';
import { digestOf } from '../../../shared/oci/digest.ts';
import type { Descriptor } from '../../../shared/oci/manifest.ts';
import { ustar } from './ustar.ts';

export interface TinyImageOptions {
  /** Path without a leading slash → content. */
  files: Record<string, string | Uint8Array>;
  /** As Kubernetes and OCI name it; `amd64` by default. */
  architecture?: string;
  variant?: string;
  labels?: Record<string, string>;
  /** On the manifest. */
  annotations?: Record<string, string>;
}

export interface Content {
  descriptor: Descriptor;
  bytes: Uint8Array;
}

export interface TinyImage {
  platform: { architecture: string; os: 'linux'; variant?: string };
  config: Content;
  layer: Content;
  manifest: Content;
}

/**
 * A whole image of one gzip layer, for demos and tests. The same options give the same digests everywhere: nothing is
 * stamped with a time, and the layer is stored, not deflated, because zlib versions deflate differently.
 */
export function buildTinyImage(options: TinyImageOptions): TinyImage {
  const { files, architecture = 'amd64', variant, labels = {}, annotations } = options;
  const platform = { architecture, os: 'linux' as const, ...(variant === undefined ? {} : { variant }) };
  const tar = ustar(Object.entries(files).map(([path, content]) => ({ path, content: Buffer.from(content) })));
  const layer = content('application/vnd.oci.image.layer.v1.tar+gzip', storedGzip(tar));
  const config = jsonContent('application/vnd.oci.image.config.v1+json', {
    created: '1970-01-01T00:00:00Z',
    ...platform,
    config: { Labels: labels },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'tiny image' }],
  });
  const manifest = jsonContent('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: config.descriptor,
    layers: [layer.descriptor],
    ...(annotations === undefined ? {} : { annotations }),
  });
  return { platform, config, layer, manifest };
}

/** The index of images for several platforms. */
export function buildTinyIndex(images: readonly TinyImage[]): Content {
  return jsonContent('application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: images.map(({ manifest, platform }) => ({ ...manifest.descriptor, platform })),
  });
}

function storedGzip(bytes: Uint8Array): Uint8Array {
  const zipped = gzipSync(bytes, { level: 0 });
  // Byte 9 names the operating system that zipped: 255 is "unknown".
  zipped[9] = 255;
  return zipped;
}

function jsonContent(mediaType: string, value: object): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)));
}

function content(mediaType: string, bytes: Uint8Array): Content {
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}
