import type { Digest } from '../../shared/oci/digest.ts';
import { formatReference } from '../../shared/oci/format-reference.ts';
import { parseReference } from '../../shared/oci/parse-reference.ts';
import { pushTinyImage } from './registry/push-tiny-image.ts';
import { buildTinyImage } from './registry/tiny-image.ts';

export interface KmodImage {
  /** `127.0.0.1:<port>/<repository>:<tag>` */
  reference: string;
  kernelVersion: string;
  /** Several make an index. */
  architectures: readonly string[];
  /** Another revision is another digest. */
  revision: number;
}

/**
 * Pushes an image with the layout of a kmod image to a registry on loopback. The kernel object in it is a text: it shows where one
 * would be, and can't be loaded. Returns the digest that the tag points to.
 */
export async function pushKmodImage({ reference, kernelVersion, architectures, revision }: KmodImage): Promise<Digest> {
  const { registry, repository, tag = 'latest' } = parseReference(reference);
  const [first, ...more] = architectures.map((architecture) =>
    buildTinyImage({
      architecture,
      files: {
        [`opt/lib/modules/${kernelVersion}/simple-kmod.ko`]: `simple-kmod for ${kernelVersion} ${architecture}, revision ${revision}\n`,
      },
      labels: { 'org.opencontainers.image.ref.name': formatReference({ registry, repository, tag }) },
    }),
  );
  if (first === undefined) throw new Error(`${reference}: no architecture was named`);
  return pushTinyImage(`http://${registry}`, repository, tag, more.length === 0 ? first : [first, ...more]);
}
