import type { KernelEntry } from '../kmm/status.ts';
import type { TargetFacts } from './facts.ts';

/**
 * Whether the digest of the entry is gone from its registry: pods that run keep it, new nodes can't pull it. What was not
 * asked, or not answered, in this run is as it was.
 */
export function isDigestGone({ running, image, entry }: TargetFacts, digest: string | undefined): boolean {
  if (digest === undefined) return false;
  if (running !== undefined && running.kind !== 'unreachable') return running.kind === 'missing';
  const isThere = image.kind === 'found' && image.digest === digest;
  return !isThere && entry?.digestGone === true && entry.digest === digest;
}

/** What that means, for people. */
export function goneWords({ digest = '' }: KernelEntry): string {
  return `${digest} is gone from its registry: nodes that run it keep it, new nodes can't pull it`;
}
