import { InvalidInput } from '../../kmm/errors.ts';
import { chooseImage } from '../../oci/choose-image.ts';
import { formatReference } from '../../oci/format-reference.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { ImageFinder, ImageLookup, ImageRequest, OciRegistry } from '../../ports/registry.ts';

/** One manifest request: a HEAD when it may show what is known already, a GET otherwise. */
export function createFindImage(registry: Pick<OciRegistry, 'getManifest' | 'headManifest'>): ImageFinder['findImage'] {
  return async (request) => {
    const { reference, known, architecture, credentials, tls } = request;
    const repository = { registry: reference.registry, repository: reference.repository, credentials, tls };
    const tagOrDigest = reference.digest ?? reference.tag ?? 'latest';
    if (known !== undefined) {
      const head = await registry.headManifest(repository, tagOrDigest);
      if (head === undefined) return { kind: 'missing', platforms: [] };
      if (head.digest === known.tagDigest) return { kind: 'found', ...known, annotations: known.annotations ?? {} };
    }
    const manifest = await registry.getManifest(repository, tagOrDigest);
    return manifest === undefined ? { kind: 'missing', platforms: [] } : choose(manifest, request, architecture);
  };
}

/** A manifest that can't be read is the registry's fault, not poison in our input. */
function choose(
  manifest: Parameters<typeof chooseImage>[0],
  { reference }: ImageRequest,
  architecture: string,
): ImageLookup {
  try {
    return chooseImage(manifest, architecture);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new RegistryError('PROTOCOL', `${formatReference(reference)}: ${cause.message}`, {
      cause,
      detail: 'bad manifest',
    });
  }
}
