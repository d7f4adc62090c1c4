import * as z from 'zod';
import { type Digest, isDigest } from '../../../shared/oci/digest.ts';

const DescriptorDocument = z.looseObject({
  mediaType: z.string(),
  digest: z.string().refine((text): text is Digest => isDigest(text), 'expected a sha256 digest'),
  size: z.int().nonnegative(),
  /** Layers that are fetched from elsewhere are not in the registry. */
  urls: z.array(z.string()).optional(),
});
export type DescriptorDocument = z.infer<typeof DescriptorDocument>;

/**
 * What a registry reads of an image manifest or an index, of OCI's and Docker's types.
 * https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
const ManifestDocument = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: DescriptorDocument.optional(),
  layers: z.array(DescriptorDocument).optional(),
  manifests: z.array(DescriptorDocument).optional(),
  subject: DescriptorDocument.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type ManifestDocument = z.infer<typeof ManifestDocument>;

/** Reads a manifest, or says why it is none. */
export function parseManifestDocument(bytes: Uint8Array): ManifestDocument | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return { problem: 'the manifest is not JSON' };
  }
  const parsed = ManifestDocument.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a manifest'}` };
}
