import { createHash } from 'node:crypto';
import type { TargetKey } from '../events/trigger.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';

const longestTag = 128;

/** Where the unsigned image of a target is: the Module's own, or, with a build, the tag that the build pushes to. */
export function unsignedReference(data: ModuleLoaderData, target: TargetKey): string | undefined {
  if (data.sign === undefined) return undefined;
  if (data.build === undefined) return data.sign.unsignedImage;
  return withTag(
    data.containerImage,
    (tag) => `${tag}_${data.namespace}_${data.name}_${target.architecture}_kmm_unsigned`,
  );
}

/** The tag of one architecture's build, joined into the index at the final tag later. */
export function perArchitectureReference(data: ModuleLoaderData, architecture: string): string {
  return withTag(data.containerImage, (tag) => `${tag}_${architecture}_kmm`);
}

/**
 * Where a build pushes: the unsigned reference when sign is configured; else the final tag while the Module's entries hold
 * one architecture and the tag is absent or of that platform (`alone`); else the per-architecture tag.
 */
export function buildDestination(data: ModuleLoaderData, target: TargetKey, signing: boolean, alone: boolean): string {
  if (signing) return unsignedReference(data, target) ?? data.containerImage;
  return alone ? data.containerImage : perArchitectureReference(data, target.architecture);
}

function withTag(reference: string, change: (tag: string) => string): string {
  const name = reference.split('@')[0] ?? reference;
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const repository = colon === -1 ? name : name.slice(0, colon);
  const tag = change(colon === -1 ? 'latest' : name.slice(colon + 1));
  return `${repository}:${shorten(tag)}`;
}

/** Two long tags stay different: the end is replaced by a hash of the whole. */
function shorten(tag: string): string {
  if (tag.length <= longestTag) return tag;
  const hash = createHash('sha256').update(tag).digest('hex').slice(0, 10);
  return `${tag.slice(0, longestTag - hash.length - 1)}_${hash}`;
}
