import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import { isDigest } from '../oci/digest.ts';
import { formatReference } from '../oci/format-reference.ts';
import { parseReference } from '../oci/parse-reference.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { TargetFacts } from '../reconcile/facts.ts';
import { lookUp } from './look-up-target-image.ts';
import type { RunReads } from './run-reads.ts';

/**
 * Whether the digest that runs is still in its registry, asked only where it stays though the tag has gone or moved on: an
 * ordinary push costs no second request.
 */
export async function lookUpRunning(
  facts: TargetFacts,
  data: ModuleLoaderData,
  ports: TargetPorts,
  reads: RunReads,
): Promise<Pick<TargetFacts, 'running'>> {
  const { daemonSet, image } = facts;
  if (daemonSet === undefined || !isDigest(daemonSet.digest) || !stays(facts, data)) return {};
  // Made for another image: its digest may be in a repository that the Module's Secret does not open.
  if (image.kind === 'unreachable' || daemonSet.image !== data.containerImage) return {};
  const { registry, repository } = parseReference(data.containerImage);
  const reference = formatReference({ registry, repository, digest: daemonSet.digest });
  return { running: await lookUp(reference, data, facts, ports, reads) };
}

function stays({ image, daemonSet, options }: TargetFacts, data: ModuleLoaderData): boolean {
  if (image.kind !== 'found') return image.kind === 'missing';
  const held = options.paused || !options.followTag || data.version !== undefined;
  return held && image.digest !== daemonSet?.digest;
}
