import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { createResolver } from '../../shared/kmm/resolve-module.ts';
import type { Manifest } from '../../shared/kubernetes/objects.ts';
import { anonymous } from '../../shared/oci/credentials.ts';
import type { Digest } from '../../shared/oci/digest.ts';
import { parseReference } from '../../shared/oci/parse-reference.ts';
import { checkFleet, type Expected } from './check-fleet.ts';
import type { LocalCluster } from './cluster/create-local-cluster.ts';
import { peekFleetView, readFleetView } from './fleet-view.ts';
import type { LocalStack } from './local-stack.ts';
import { pushKmodImage } from './push-kmod-image.ts';
import type { RegistryFault } from './registry/faults.ts';
import type { LocalRegistry } from './registry/local-registry.ts';
import { nodesOf, type SampleKernel, sampleFleet, sampleKernels } from './sample-fleet.ts';
import { sampleModule, sampleNames } from './sample-module.ts';
import { until } from './until.ts';

export interface StoryOptions {
  stack: LocalStack;
  /** The cluster and registry of the stack: a story needs its own. */
  cluster: LocalCluster;
  registry: LocalRegistry;
  /** Announces what is about to be done from outside; what comes of it is told by the stack itself. */
  chapter: (text: string) => void;
  /** Breaks the registry for good once the first images are there. */
  fault?: RegistryFault | undefined;
  /** How long each step may take. */
  patienceMs: number;
  /** Breaks the story off. */
  signal: AbortSignal;
}

/**
 * A fleet grows: images are pushed, the Module is applied, nodes join, an image comes late, and comes anew. Each step only does
 * from outside what people, CI and kubelets do. Returns what is not as it should be in the end. Told again on kept data, it
 * finds everything done.
 */
export async function tellStory(options: StoryOptions): Promise<string[]> {
  const { stack } = options;
  const digests = new Map<SampleKernel, Digest>();
  const broke = await tell(options, digests).catch((error: unknown) => [
    `the story broke off: ${wordsOf(error, options)}`,
  ]);
  if (options.signal.aborted) return broke;
  // By the API, from outside: whatever the story believes does not count.
  const view = await readFleetView(stack.outside.cluster);
  return [...checkFleet(view, expectedOf(sampleKernels, [], digests)), ...broke];
}

async function tell(options: StoryOptions, digests: Map<SampleKernel, Digest>): Promise<string[]> {
  const { stack, registry, chapter, fault } = options;
  const { store, nodes } = options.cluster;
  chapter('CI has built images for some kernels and pushes them, before anybody asks for them.');
  await pushEarlyImages(stack.registryHost);
  const absent = await absentImages(stack, late);
  await stack.idle();
  if (fault !== undefined) {
    chapter(`The registry breaks (${fault}), and stays so.`);
    registry.setFault(fault);
  }
  chapter('A user applies the Module.');
  await applySample(stack);
  await stack.idle();
  for (const { says, kernels } of sampleFleet) {
    const absentNodes = kernels.flatMap(nodesOf).filter(({ name }) => store.get('Node', { name }) === undefined);
    chapter(absentNodes.length > 0 ? says : `${kernels.flatMap(({ nodes }) => nodes).join(', ')}: there already.`);
    for (const node of absentNodes) nodes.joinNode(node);
    await settle(options, expectedOf(kernels, absent, digests));
  }
  if (absent.length > 0) {
    chapter('CI has finished the image for Fedora, and pushes it.');
    await pushLate(options, 1, digests);
  }
  chapter('The same tag is pushed again with new content.');
  await pushLate(options, 2, digests);
  return [];
}

const late = sampleKernels.filter(({ pushed }) => pushed === 'later');

async function pushLate(options: StoryOptions, revision: number, digests: Map<SampleKernel, Digest>): Promise<void> {
  for (const kernel of late) digests.set(kernel, await pushFor(options.stack.registryHost, kernel, revision));
  await settle(options, expectedOf(late, [], digests));
}

/** The image of the sample Module for a kernel. */
export function sampleImage(registryHost: string, kernelVersion: string): string | undefined {
  const resolution = createResolver(sampleObjects(registryHost)[0])(kernelVersion);
  return resolution.outcome === 'resolved' ? resolution.data.containerImage : undefined;
}

async function pushEarlyImages(registryHost: string): Promise<void> {
  const plugin = `${registryHost}/simple-device-plugin:1.0`;
  await pushKmodImage({ reference: plugin, kernelVersion: 'any', architectures: ['amd64', 'arm64'], revision: 1 });
  for (const kernel of sampleKernels) if (kernel.pushed === 'before') await pushFor(registryHost, kernel, 1);
}

async function pushFor(registryHost: string, kernel: SampleKernel, revision: number): Promise<Digest> {
  const { kernelVersion, architecture } = kernel;
  const reference = sampleImage(registryHost, kernelVersion);
  if (reference === undefined) throw new Error(`the sample Module names no image for ${kernelVersion}`);
  // Images for arm64 come as an index, so that one sees a platform being chosen.
  const architectures = architecture === 'arm64' ? ['amd64', 'arm64'] : [architecture];
  return pushKmodImage({ reference, kernelVersion, architectures, revision });
}

const Applicable = z.looseObject({
  apiVersion: z.string(),
  kind: z.enum(['Module', 'ConfigMap']),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
});

async function applySample({ outside, registryHost }: LocalStack): Promise<void> {
  const { namespace } = sampleNames;
  await outside.cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  // The Dockerfile first: who reads the Module then finds it.
  for (const object of sampleObjects(registryHost).reverse()) await outside.cluster.apply(object.kind, object);
}

function sampleObjects(registryHost: string): (Manifest & { kind: 'Module' | 'ConfigMap' })[] {
  return parseAllDocuments(sampleModule(registryHost)).map((document) => Applicable.parse(document.toJS()));
}

async function absentImages({ registryHost, outside }: LocalStack, kernels: readonly SampleKernel[]) {
  const lookUp = async (kernel: SampleKernel) => {
    const reference = parseReference(sampleImage(registryHost, kernel.kernelVersion) ?? '');
    const tls = { insecure: true, insecureSkipTLSVerify: false };
    const { architecture } = kernel;
    const found = await outside.images.findImage({ reference, architecture, credentials: [anonymous], tls });
    return found.kind === 'missing' ? [kernel] : [];
  };
  return (await Promise.all(kernels.map(lookUp))).flat();
}

function expectedOf(
  kernels: readonly SampleKernel[],
  absent: readonly SampleKernel[],
  digests: ReadonlyMap<SampleKernel, Digest>,
): Expected[] {
  const waits = { state: 'ImageMissing', reason: 'ImageMissing' } as const;
  return kernels.map((kernel) => {
    const digest = digests.get(kernel);
    return { kernel, ends: absent.includes(kernel) ? waits : kernel.ends, ...(digest !== undefined && { digest }) };
  });
}

/** Until the targets are where they should be, and what led there has been told. */
async function settle(options: StoryOptions, expected: readonly Expected[]): Promise<void> {
  const { store } = options.cluster;
  const isSettled = () => checkFleet(peekFleetView(store), expected).length === 0;
  await until(store, isSettled, AbortSignal.any([options.signal, AbortSignal.timeout(options.patienceMs)]));
  await options.stack.idle();
}

function wordsOf(error: unknown, { patienceMs }: StoryOptions): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? `nothing more happened within ${patienceMs / 1000} s` : error.message;
}
