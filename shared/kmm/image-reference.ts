import { parseReferenceParts, type ReferenceParts } from '../oci/parse-reference.ts';
import { InvalidInput } from './errors.ts';

export type ImageReference =
  | { kind: 'valid'; parts: ReferenceParts }
  | { kind: 'invalid'; rule: string; reason: string };

/**
 * Reads an image that a Module names: a reference with a tag or a digest. KMM only looks for a `:` or `@` anywhere, so
 * `host:5000/img` passes there and then means `latest`.
 */
export function readImageReference(text: string): ImageReference {
  try {
    const parts = parseReferenceParts(text);
    if (parts.explicit.tag || parts.explicit.digest) return { kind: 'valid', parts };
    const reason = `image "${text}" has neither a tag nor a digest: write one, as in ${text}:\${KERNEL_FULL_VERSION}`;
    return { kind: 'invalid', rule: 'image-tag', reason };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { kind: 'invalid', rule: 'image-reference', reason: error.message };
  }
}

/** Why an image without a registry deserves a second look: it means Docker Hub. */
export function whyShortName(text: string): string | undefined {
  const read = readImageReference(text);
  if (read.kind === 'invalid' || read.parts.explicit.registry) return undefined;
  return `"${text}" names no registry and so means Docker Hub: write docker.io/… if that is meant`;
}
