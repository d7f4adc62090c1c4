import * as z from 'zod';
import { InvalidInput } from '../kmm/errors.ts';
import { parseJson, parseWith } from '../kmm/parse.ts';
import { Annotations, DescriptorDocument } from './descriptor.ts';
import type { Descriptor } from './manifest.ts';
import { isImageMediaType, isIndexMediaType } from './media-types.ts';
import { toDescriptor } from './to-descriptor.ts';

/** The platform of an index entry. https://github.com/opencontainers/image-spec/blob/main/image-index.md */
export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
}

export interface IndexEntry extends Descriptor {
  platform?: Platform;
}

export type Manifest =
  | {
      kind: 'image';
      config: Descriptor;
      layers: Descriptor[];
      annotations: Record<string, string>;
      subject?: Descriptor;
    }
  | { kind: 'index'; manifests: IndexEntry[]; annotations: Record<string, string> };

/** The specification's own bound for what clients and registries have to take. */
export const manifestByteLimit = 4 * 1024 * 1024;

const ImageDocument = z.object({
  config: DescriptorDocument,
  layers: z.array(DescriptorDocument),
  annotations: Annotations,
  subject: DescriptorDocument.nullish(),
});

const PlatformDocument = z.object({ os: z.string(), architecture: z.string(), variant: z.string().nullish() });

const IndexDocument = z.object({
  manifests: z.array(DescriptorDocument.extend({ platform: PlatformDocument.nullish() })),
  annotations: Annotations,
});

const Head = z.object({
  mediaType: z.string().optional(),
  schemaVersion: z.literal(2),
  manifests: z.unknown().optional(),
});

/**
 * Parses an image manifest or index, OCI's or Docker's. `mediaType` is the Content-Type of the answer: the document's own
 * wins, and where neither says anything useful (allowed by OCI 1.0) its shape decides. Throws InvalidInput.
 */
export function parseManifest(bytes: Uint8Array, mediaType = ''): Manifest {
  if (bytes.byteLength > manifestByteLimit) throw new InvalidInput('manifest: larger than 4 MiB');
  const document = parseJson(new TextDecoder().decode(bytes), 'manifest');
  const head = parseWith(Head, document, 'manifest');
  return isIndex(head.mediaType ?? mediaType, head.manifests) ? toIndex(document) : toImage(document);
}

function isIndex(mediaType: string, manifests: unknown): boolean {
  if (isIndexMediaType(mediaType)) return true;
  return !isImageMediaType(mediaType) && manifests !== undefined;
}

function toImage(document: unknown): Manifest {
  const { config, layers, annotations, subject } = parseWith(ImageDocument, document, 'image manifest');
  return {
    kind: 'image',
    config: toDescriptor(config),
    layers: layers.map(toDescriptor),
    annotations: annotations ?? {},
    ...(subject ? { subject: toDescriptor(subject) } : {}),
  };
}

function toIndex(document: unknown): Manifest {
  const { manifests, annotations } = parseWith(IndexDocument, document, 'image index');
  return {
    kind: 'index',
    annotations: annotations ?? {},
    manifests: manifests.map(({ platform, ...entry }) => ({
      ...toDescriptor(entry),
      ...(platform ? { platform: toPlatform(platform) } : {}),
    })),
  };
}

function toPlatform({ os, architecture, variant }: z.infer<typeof PlatformDocument>): Platform {
  return { os, architecture, ...(variant ? { variant } : {}) };
}
