import type { Credential } from '../oci/credentials.ts';
import type { Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/manifest.ts';
import type { OciReference } from '../oci/reference.ts';

export interface RegistryAccess {
  /** Tried in order; the next only after a 401 or 403. */
  credentials: readonly Credential[];
  tls: { insecure: boolean; insecureSkipTLSVerify: boolean };
}

export interface ImageRequest extends RegistryAccess {
  reference: OciReference;
  /** Kubernetes' name: `amd64`, `arm64`, … */
  architecture: string;
  /** What the last look found: a HEAD that shows `tagDigest` again answers without a GET, with these `annotations`. */
  known?: { tagDigest: Digest; digest: Digest; annotations?: Record<string, string> };
}

/**
 * `digest` is the platform's own manifest, `tagDigest` what the tag points to (an index, or the same).
 * Missing: the manifest or the repository is not there, or the index holds other platforms only (`platforms`).
 */
export type ImageLookup =
  | { kind: 'found'; digest: Digest; tagDigest: Digest; annotations: Record<string, string> }
  | { kind: 'missing'; platforms: string[] };

/** Looks an image up: one manifest request. Everything that is not an answer is a RegistryError, never "missing". */
export interface ImageFinder {
  findImage(request: ImageRequest): Promise<ImageLookup>;
}

export interface ManifestAnswer {
  digest: Digest;
  mediaType: string;
  bytes: Uint8Array;
}

/** Reads and writes of an OCI distribution registry. https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
export interface OciRegistry extends ImageFinder {
  /** `undefined`: not there. `tagOrDigest` as in the reference grammar. The digest is verified. */
  getManifest(repository: Repository, tagOrDigest: string): Promise<ManifestAnswer | undefined>;
  /** HEAD with fallback to GET. */
  headManifest(repository: Repository, tagOrDigest: string): Promise<Omit<ManifestAnswer, 'bytes'> | undefined>;
  /** Returns the digest that the registry stored. */
  putManifest(repository: Repository, tagOrDigest: string, manifest: Omit<ManifestAnswer, 'digest'>): Promise<Digest>;
  /** `'absent'` when there was nothing. */
  deleteManifest(repository: Repository, tagOrDigest: string): Promise<'deleted' | 'absent'>;
  /** A stream that fails at its end when length or digest differ. `undefined`: not there. */
  getBlob(repository: Repository, descriptor: Descriptor): Promise<ReadableStream<Uint8Array> | undefined>;
  hasBlob(repository: Repository, digest: Digest): Promise<boolean>;
  /** Mounts from a repository of the same registry; `false`: the registry would not, upload it. */
  mountBlob(repository: Repository, digest: Digest, from: string): Promise<boolean>;
  /** Monolithic for bytes, chunked for a stream (its digest is known at the end). Idempotent. */
  putBlob(repository: Repository, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Descriptor>;
  /** All tags, paged inside; an unknown repository has none. */
  listTags(repository: Repository): Promise<string[]>;
  /** Descriptors that refer to a digest; falls back to the tag scheme. */
  listReferrers(repository: Repository, digest: Digest, artifactType?: string): Promise<Descriptor[]>;
}

/** One repository and how to speak to it. */
export interface Repository extends RegistryAccess {
  registry: string;
  repository: string;
}
