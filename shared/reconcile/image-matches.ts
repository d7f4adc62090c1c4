import type { ImageTrigger } from '../events/trigger.ts';
import { parseReference } from '../oci/parse-reference.ts';

/** Names of one registry: an event from a mirror's host stands for the host in the Modules' references. */
export type HostAliases = Record<string, string>;

/** Whether a registry event is about the image that a reference names, or about one of the digests that it is known to have. */
export function imageMatches(
  event: ImageTrigger,
  image: { reference: string; digests: readonly (string | undefined)[] },
  aliases: HostAliases = {},
): boolean {
  const reference = tryParse(image.reference);
  if (reference === undefined) return false;
  const registry = aliases[event.registry] ?? event.registry;
  if (reference.registry !== registry || reference.repository !== event.repository) return false;
  const digests = [reference.digest, ...image.digests];
  if (event.digest !== undefined && digests.includes(event.digest)) return true;
  return reference.digest === undefined && event.tag !== undefined && isSameTag(event.tag, reference.tag ?? 'latest');
}

/** Gitea tells every tag in lower case; a question too many does no harm. */
function isSameTag(told: string, tag: string): boolean {
  return told.toLowerCase() === tag.toLowerCase();
}

function tryParse(text: string) {
  try {
    return parseReference(text);
  } catch {
    return undefined; // an invalid reference is the target's own state; no event is about it
  }
}
