import { entryKey } from '../kmm/labels.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { buildDestination, perArchitectureReference, unsignedReference } from '../reconcile/destination.ts';
import type { BuildFacts, TargetFacts } from '../reconcile/facts.ts';
import type { KnownModule } from '../reconcile/known-module.ts';
import { lookUp, lookUpNow } from './look-up-target-image.ts';
import type { RunReads } from './run-reads.ts';

/**
 * What the rows of a missing image ask: the signing key, and only when something may have to be made the unsigned image,
 * the builds and the per-architecture tag.
 */
export async function gatherMaking(
  facts: TargetFacts,
  data: ModuleLoaderData,
  module: KnownModule,
  ports: TargetPorts,
  reads: RunReads,
): Promise<TargetFacts> {
  const signing = data.sign !== undefined && ports.signer !== undefined;
  // A build without its signer would put an unsigned image where only signed ones belong.
  const unsignable = data.sign !== undefined && ports.signer === undefined;
  const building = data.build !== undefined && ports.builder?.kind === 'job' && !unsignable;
  if (facts.image.kind === 'unreachable' || !(signing || building)) return facts;
  const keyed = signing ? { ...facts, ...(await keyOf(data, ports)) } : facts;
  if (!mustMake(keyed)) return keyed;
  const references = makingReferences(keyed, data, module, { signing, building });
  const builds = building ? await buildsOf(keyed, data, references.destination, ports) : {};
  return {
    ...keyed,
    ...builds,
    // A Job that ended just now pushed after the first look: what was there then is not what it built.
    ...(hasSucceeded(builds.builds) ? { image: await lookUpNow(data.containerImage, data, keyed, ports, reads) } : {}),
    ...(await lookUpAll(references, data, keyed, ports, reads)),
  };
}

function hasSucceeded(builds: BuildFacts | undefined): boolean {
  if (builds?.kind !== 'known') return false;
  return builds.jobs.some(({ identity, phase }) => identity === builds.identity && phase === 'succeeded');
}

interface MakingReferences {
  destination: string;
  unsigned: string | undefined;
  perArchitecture: string | undefined;
}

function makingReferences(
  facts: TargetFacts,
  data: ModuleLoaderData,
  module: KnownModule,
  { signing, building }: { signing: boolean; building: boolean },
): MakingReferences {
  const alone = isAlone(facts, module);
  const { architecture } = facts.target;
  return {
    destination: buildDestination(data, facts.target, signing, alone),
    unsigned: signing ? unsignedReference(data, facts.target) : undefined,
    perArchitecture: building && !signing && !alone ? perArchitectureReference(data, architecture) : undefined,
  };
}

async function buildsOf(
  facts: TargetFacts,
  data: ModuleLoaderData,
  destination: string,
  { builder }: TargetPorts,
): Promise<Pick<TargetFacts, 'builds'>> {
  if (builder?.kind !== 'job') return {};
  return { builds: await builder.findBuilds({ target: facts.target, data, destination, request: facts.request }) };
}

async function lookUpAll(
  { unsigned, perArchitecture }: MakingReferences,
  data: ModuleLoaderData,
  facts: TargetFacts,
  ports: TargetPorts,
  reads: RunReads,
): Promise<Pick<TargetFacts, 'unsigned' | 'perArchitecture'>> {
  return {
    ...(unsigned && { unsigned: await lookUp(unsigned, data, facts, ports, reads, unsignedTls(data)) }),
    ...(perArchitecture && { perArchitecture: await lookUp(perArchitecture, data, facts, ports, reads) }),
  };
}

async function keyOf(data: ModuleLoaderData, ports: TargetPorts) {
  const key = await ports.signer?.findKey(data);
  if (key === undefined) return {};
  return key.kind === 'found' ? { keyFingerprint: key.fingerprint } : { keyProblem: key.message };
}

function mustMake({ image, entry, request, keyFingerprint }: TargetFacts): boolean {
  if (image.kind === 'missing') return true;
  const rebuilt = entry?.rebuilt;
  return rebuilt !== undefined && (rebuilt.request !== request || rebuilt.keyFingerprint !== keyFingerprint);
}

/** The Module's entries hold one architecture, and the tag is absent or of that platform: an index may hold others. */
export function isAlone(facts: TargetFacts, module: KnownModule): boolean {
  const own = `/${facts.target.architecture}`;
  const keys = [...Object.keys(module.status.kernels), entryKey(facts.target)];
  return keys.every((key) => key.endsWith(own)) && !holdsOthers(facts.image);
}

function holdsOthers(image: TargetFacts['image']): boolean {
  if (image.kind === 'missing') return image.platforms.length > 0;
  return image.kind === 'found' && image.tagDigest !== image.digest;
}

function unsignedTls(data: ModuleLoaderData) {
  return data.build === undefined ? (data.sign?.unsignedImageRegistryTLS ?? data.registryTLS) : data.registryTLS;
}
