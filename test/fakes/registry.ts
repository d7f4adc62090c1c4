import type { Digest } from '../../shared/oci/digest.ts';
import { formatReference } from '../../shared/oci/format-reference.ts';
import { parseReference } from '../../shared/oci/parse-reference.ts';
import type { RegistryError } from '../../shared/ports/errors.ts';
import type { ImageFinder, ImageLookup, ImageRequest } from '../../shared/ports/registry.ts';

/** An image of the fake: one digest for every architecture, or `platforms` as an index holds them (`linux/<arch>`). */
export interface FakeImage {
  digest: Digest;
  platforms?: Record<string, Digest>;
  annotations?: Record<string, string>;
}

export interface FakeRegistry extends ImageFinder {
  /** What was asked, in order. */
  readonly calls: ImageRequest[];
  put(reference: string, image: FakeImage): void;
  remove(reference: string): void;
  /** The next look-up (or, with a reference, each one of it until `recover`) fails with this error. */
  failNext(error: RegistryError): void;
  breakDown(reference: string, error: RegistryError): void;
  recover(reference: string): void;
}

/** An in-memory ImageFinder; what was not put is missing. */
export function createFakeRegistry(): FakeRegistry {
  const images = new Map<string, FakeImage>();
  const broken = new Map<string, RegistryError>();
  const failures: RegistryError[] = [];
  const calls: ImageRequest[] = [];
  const key = (reference: string) => formatReference(parseReference(reference));

  return {
    calls,
    put: (reference, image) => void images.set(key(reference), image),
    remove: (reference) => void images.delete(key(reference)),
    failNext: (error) => void failures.push(error),
    breakDown: (reference, error) => void broken.set(key(reference), error),
    recover: (reference) => void broken.delete(key(reference)),
    async findImage(request) {
      calls.push(request);
      const asked = formatReference(request.reference);
      const failure = failures.shift() ?? broken.get(asked);
      if (failure !== undefined) throw failure;
      return lookup(images.get(asked), request.architecture);
    },
  };
}

function lookup(image: FakeImage | undefined, architecture: string): ImageLookup {
  if (image === undefined) return { kind: 'missing', platforms: [] };
  const digest = image.platforms === undefined ? image.digest : image.platforms[`linux/${architecture}`];
  if (digest === undefined) return { kind: 'missing', platforms: Object.keys(image.platforms ?? {}) };
  return { kind: 'found', digest, tagDigest: image.digest, annotations: image.annotations ?? {} };
}
