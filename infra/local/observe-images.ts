import { formatReference } from '../../shared/oci/format-reference.ts';
import { RegistryError } from '../../shared/ports/errors.ts';
import type { ImageFinder } from '../../shared/ports/registry.ts';
import type { LookUp } from './function-run.ts';

/** Registries that tell of each answer, and of none as well. */
export function observeImages(images: ImageFinder, tell: (lookUp: LookUp) => void): ImageFinder {
  return {
    async findImage(request) {
      const { architecture } = request;
      const reference = formatReference(request.reference);
      try {
        const answer = await images.findImage(request);
        tell({ reference, architecture, answer });
        return answer;
      } catch (error) {
        if (error instanceof RegistryError) {
          const { code, message } = error;
          tell({ reference, architecture, answer: { kind: 'unreachable', code, message } });
        }
        throw error;
      }
    },
  };
}
