import * as z from 'zod';
import type { DaemonSet } from '../kubernetes/objects.ts';
import { type Digest, isDigest } from '../oci/digest.ts';

/** The image by digest, its tag left out: a tag that moves to equal content must not look like another template. */
export function pinnedImage(containerImage: string, digest: Digest): string {
  return `${withoutTag(containerImage)}@${digest}`;
}

function withoutTag(image: string): string {
  const name = image.split('@')[0] ?? '';
  const tag = name.indexOf(':', name.lastIndexOf('/') + 1);
  return tag === -1 ? name : name.slice(0, tag);
}

const Templated = z.object({
  initContainers: z.array(z.object({ image: z.string().optional() })).optional(),
  containers: z.array(z.object({ image: z.string().optional() })),
});

/** The digest that a loader DaemonSet runs; the kmod image is the init container's in the `copy` shape. */
export function liveDigest(daemonSet: DaemonSet): Digest | undefined {
  const parsed = Templated.safeParse(daemonSet.spec.template.spec);
  if (!parsed.success) return undefined;
  const { initContainers, containers } = parsed.data;
  const digest = (initContainers?.[0] ?? containers[0])?.image?.split('@')[1];
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}
