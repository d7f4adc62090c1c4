import type { ImageFinder } from '../../ports/registry.ts';

/**
 * Sends look-ups with a credential of kind `ecr` to ECR's API and all others to the distribution client, whose other
 * methods stay.
 */
export function withEcr<T extends ImageFinder>(registry: T, ecr: ImageFinder): T {
  return {
    ...registry,
    findImage: (request) =>
      request.credentials.some(({ kind }) => kind === 'ecr') ? ecr.findImage(request) : registry.findImage(request),
  };
}
