import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { KernelEntry } from '../kmm/status.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { ImageFact, TargetFacts } from '../reconcile/facts.ts';
import { lookUpImage } from './look-up-image.ts';
import type { RunReads } from './run-reads.ts';

/** Looks an image up with the Module's own access; asked once per run, reference and whatever else the answer depends on. */
export function lookUp(
  reference: string,
  data: ModuleLoaderData,
  facts: TargetFacts,
  ports: TargetPorts,
  reads: RunReads,
  tls = data.registryTLS,
): Promise<ImageFact> {
  const { deniedMeansMissing } = facts.options;
  const depends = [data.imageRepoSecret, reference, facts.target.architecture, tls, deniedMeansMissing];
  return reads.image(data.namespace, JSON.stringify(depends), () =>
    lookUpNow(reference, data, facts, ports, reads, tls),
  );
}

/** The same without a memory, for an answer that must be younger than something else that was read. */
export function lookUpNow(
  reference: string,
  data: ModuleLoaderData,
  facts: TargetFacts,
  ports: TargetPorts,
  reads: RunReads,
  tls = data.registryTLS,
): Promise<ImageFact> {
  const { architecture } = facts.target;
  const { deniedMeansMissing } = facts.options;
  const isFinal = reference === data.containerImage && facts.entry?.image === reference;
  // Its registry has just said that it changed: a HEAD that asks whether it did would be a request for nothing.
  const known = isFinal && !facts.cause.imageEvent ? knownDigests(facts.entry) : undefined;
  const ask = { reference, tls, architecture, data, deniedMeansMissing, ...(known === undefined ? {} : { known }) };
  return lookUpImage(ask, ports, reads);
}

/** What the registry said last about the entry's image; of a pinned target that is not the digest that it runs. */
export function knownDigests(entry: KernelEntry | undefined): { digest: Digest; tagDigest: Digest } | undefined {
  const digest = entry?.newDigest ?? entry?.digest ?? '';
  const tagDigest = entry?.indexDigest ?? digest;
  return isDigest(digest) && isDigest(tagDigest) ? { digest, tagDigest } : undefined;
}
