import * as z from 'zod';
import { type Digest, isDigest } from './digest.ts';

export const DigestText = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), {
  error: 'expected sha256: and 64 hex digits',
});

/** Annotations may be null where an encoder in Go wrote an empty map. */
export const Annotations = z.record(z.string(), z.string()).nullish();

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export const DescriptorDocument = z.object({
  mediaType: z.string().max(255),
  digest: DigestText,
  size: z.int().nonnegative(),
  annotations: Annotations,
  artifactType: z.string().nullish(),
});
