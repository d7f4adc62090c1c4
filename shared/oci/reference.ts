import type { Digest } from './digest.ts';

/**
 * An image reference, normalised as Docker does: `registry` always present (`docker.io` for short names), `library/` added
 * for Docker Hub's official images. At least one of tag and digest is what one looks up; neither means `latest`.
 */
export interface OciReference {
  /** Host and, when given, port. */
  registry: string;
  repository: string;
  tag?: string;
  digest?: Digest;
}
