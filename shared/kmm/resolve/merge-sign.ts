import type { Sign } from '../module.ts';

/**
 * The signing of one mapping. With both levels set the mapping's image, secrets and TLS win (KMM drops the TLS) and its
 * `filesToSign` are appended, each file once.
 */
export function mergeSign(container: Sign | undefined, mapping: Sign | undefined): Sign | undefined {
  if (container === undefined && mapping === undefined) return undefined;
  const filesToSign = [...new Set([...(container?.filesToSign ?? []), ...(mapping?.filesToSign ?? [])])];
  const unsignedImage = mapping?.unsignedImage || container?.unsignedImage;
  return {
    ...container,
    ...mapping,
    ...(unsignedImage !== undefined && { unsignedImage }),
    ...(filesToSign.length > 0 && { filesToSign }),
  };
}
