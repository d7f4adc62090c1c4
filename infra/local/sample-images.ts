import { createResolver } from '../../shared/kmm/resolve-module.ts';
import { anonymous } from '../../shared/oci/credentials.ts';
import type { Digest } from '../../shared/oci/digest.ts';
import { parseReference } from '../../shared/oci/parse-reference.ts';
import type { ImageFinder } from '../../shared/ports/registry.ts';
import { pushKmodImage } from './push-kmod-image.ts';
import { type SampleKernel, sampleKernels } from './sample-fleet.ts';
import { sampleObjects } from './sample-objects.ts';

/** The image of the sample Module for a kernel. */
export function sampleImage(registryHost: string, kernelVersion: string): string | undefined {
  const resolution = createResolver(sampleObjects(registryHost)[0])(kernelVersion);
  return resolution.outcome === 'resolved' ? resolution.data.containerImage : undefined;
}

/** What CI has built before the story begins, and the device plugin. */
export async function pushEarlyImages(registryHost: string): Promise<void> {
  const plugin = `${registryHost}/simple-device-plugin:1.0`;
  await pushKmodImage({ reference: plugin, kernelVersion: 'any', architectures: ['amd64', 'arm64'], revision: 1 });
  for (const kernel of sampleKernels) if (kernel.pushed === 'before') await pushFor(registryHost, kernel, 1);
}

/** Another revision is another digest; returns the one that the tag points to. */
export async function pushFor(registryHost: string, kernel: SampleKernel, revision: number): Promise<Digest> {
  const { kernelVersion, architecture } = kernel;
  const reference = sampleImage(registryHost, kernelVersion);
  if (reference === undefined) throw new Error(`the sample Module names no image for ${kernelVersion}`);
  // Images for arm64 come as an index, so that one sees a platform being chosen.
  const architectures = architecture === 'arm64' ? ['amd64', 'arm64'] : [architecture];
  return pushKmodImage({ reference, kernelVersion, architectures, revision });
}

/** Whether the registry has the image for a kernel. */
export async function isPushed(kernel: SampleKernel, registryHost: string, images: ImageFinder): Promise<boolean> {
  const { architecture, kernelVersion } = kernel;
  const reference = parseReference(sampleImage(registryHost, kernelVersion) ?? '');
  const tls = { insecure: true, insecureSkipTLSVerify: false };
  const found = await images.findImage({ reference, architecture, credentials: [anonymous], tls });
  return found.kind === 'found';
}
