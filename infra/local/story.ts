import type { Digest } from '../../shared/oci/digest.ts';
import { checkFleet, type Expected } from './check-fleet.ts';
import type { LocalCluster } from './cluster/create-local-cluster.ts';
import { peekFleetView, readFleetView } from './fleet-view.ts';
import type { LocalStack } from './local-stack.ts';
import type { RegistryFault } from './registry/faults.ts';
import type { LocalRegistry } from './registry/local-registry.ts';
import { nodesOf, type SampleGroup, type SampleKernel, sampleFleet, sampleKernels } from './sample-fleet.ts';
import { isPushed, pushEarlyImages, pushFor } from './sample-images.ts';
import { sampleNames } from './sample-module.ts';
import { sampleObjects } from './sample-objects.ts';
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
  const known: Known = { present: new Set(), digests: new Map() };
  const broke = await tell(options, known).then(
    () => [],
    (error: unknown) => [`the story broke off: ${wordsOf(error, options)}`],
  );
  if (options.signal.aborted) return broke;
  for (const kernel of sampleKernels) if (kernel.pushed !== 'never') known.present.add(kernel);
  // By the API, from outside: whatever the story believes does not count.
  const view = await readFleetView(options.stack.outside.cluster);
  return [...checkFleet(view, expectedOf(sampleKernels, known)), ...broke];
}

/** What is known of the registry: whose image is there, and what was pushed last. */
interface Known {
  present: Set<SampleKernel>;
  digests: Map<SampleKernel, Digest>;
}

async function tell(options: StoryOptions, known: Known): Promise<void> {
  const { stack, registry, chapter, fault } = options;
  chapter('CI has built images for some kernels and pushes them, before anybody asks for them.');
  await pushEarlyImages(stack.registryHost);
  for (const kernel of sampleKernels)
    if (await isPushed(kernel, stack.registryHost, stack.outside.images)) known.present.add(kernel);
  await stack.idle();
  if (fault !== undefined) {
    chapter(`The registry breaks (${fault}), and stays so.`);
    registry.setFault(fault);
  }
  chapter('A user applies the Module.');
  await applySample(stack);
  await stack.idle();
  for (const group of sampleFleet) {
    joinNodes(group, options);
    await settle(options, expectedOf(group.kernels, known));
  }
  if (late.some((kernel) => !known.present.has(kernel))) {
    chapter('CI has finished the image for Fedora, and pushes it.');
    await pushLate(1, known, options);
  }
  chapter('The same tag is pushed again with new content.');
  await pushLate(2, known, options);
}

function joinNodes({ says, kernels }: SampleGroup, { cluster, chapter }: StoryOptions): void {
  const all = kernels.flatMap(nodesOf);
  const absent = all.filter(({ name }) => cluster.store.get('Node', { name }) === undefined);
  chapter(absent.length > 0 ? says : `${all.map(({ name }) => name).join(', ')}: there already.`);
  for (const node of absent) cluster.nodes.joinNode(node);
}

const late = sampleKernels.filter(({ pushed }) => pushed === 'later');

async function pushLate(revision: number, { present, digests }: Known, options: StoryOptions): Promise<void> {
  for (const kernel of late) {
    digests.set(kernel, await pushFor(options.stack.registryHost, kernel, revision));
    present.add(kernel);
  }
  await settle(options, expectedOf(late, { present, digests }));
}

async function applySample({ outside, registryHost }: LocalStack): Promise<void> {
  const { namespace } = sampleNames;
  await outside.cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  // The Dockerfile first: who reads the Module then finds it.
  for (const object of sampleObjects(registryHost).reverse()) await outside.cluster.apply(object.kind, object);
}

/** Loaded where there is an image; without one, waiting for who should build it. */
function expectedOf(kernels: readonly SampleKernel[], { present, digests }: Known): Expected[] {
  return kernels.map((kernel) => {
    const waits = { state: 'ImageMissing', reason: kernel.pushed === 'never' ? 'NoBuilder' : 'ImageMissing' } as const;
    const digest = digests.get(kernel);
    return { kernel, ends: present.has(kernel) ? loaded : waits, ...(digest !== undefined && { digest }) };
  });
}

const loaded = { state: 'Ready', reason: 'Loaded' } as const;

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
