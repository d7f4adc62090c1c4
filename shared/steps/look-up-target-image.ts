import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { ImageFact, TargetFacts } from '../reconcile/facts.ts';
import { lookUpImage } from './look-up-image.ts';
import type { RunReads } from './run-reads.ts';

/** Looks an image up with the Module's own access; asked once per run and reference. */
export function lookUp(
  reference: string,
  data: ModuleLoaderData,
  facts: TargetFacts,
  ports: TargetPorts,
  reads: RunReads,
  tls = data.registryTLS,
): Promise<ImageFact> {
  const { architecture } = facts.target;
  const final = reference === data.containerImage && facts.entry?.image === reference;
  const key = `image ${data.namespace}/${data.imageRepoSecret ?? ''} ${reference} ${architecture} ${JSON.stringify(tls)}`;
  return reads.once(key, () =>
    lookUpImage(
      {
        reference,
        tls,
        architecture,
        data,
        deniedMeansMissing: facts.options.deniedMeansMissing,
        ...(final && facts.image.kind !== 'found'
          ? { known: { digest: facts.entry?.digest, tagDigest: facts.entry?.indexDigest ?? facts.entry?.digest } }
          : {}),
      },
      ports,
      reads,
    ),
  );
}
