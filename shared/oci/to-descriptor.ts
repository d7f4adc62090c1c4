import type * as z from 'zod';
import type { DescriptorDocument } from './descriptor.ts';
import type { Descriptor } from './manifest.ts';

/** From the document's form, where optional fields may be null, to ours, where they are absent. */
export function toDescriptor(document: z.infer<typeof DescriptorDocument>): Descriptor {
  const { mediaType, digest, size, annotations, artifactType } = document;
  return {
    mediaType,
    digest,
    size,
    ...(annotations ? { annotations } : {}),
    ...(artifactType ? { artifactType } : {}),
  };
}
