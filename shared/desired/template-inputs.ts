import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { Digest } from '../oci/digest.ts';
import { contentHash } from './canonical-json.ts';
import { pinnedImage } from './pinned-image.ts';
import type { Shape } from './shape.ts';

/**
 * sha256 of what a loader's template shows, for annotation `template-inputs`. Equal: the live template stays, whichever
 * release rendered it. Left out on purpose: how the image is made and asked for (build, sign, TLS, rebuild request), which
 * mapping said so, the tag beside the digest, how updates roll, and everything that the installation sets.
 */
export function templateInputs(of: {
  data: ModuleLoaderData;
  architecture: string;
  digest: Digest;
  shape: Shape;
}): string {
  const { data, architecture, digest, shape } = of;
  return contentHash({
    namespace: data.namespace,
    name: data.name,
    kernelVersion: data.kernelVersion,
    architecture,
    shape,
    image: pinnedImage(data.containerImage, digest),
    imagePullPolicy: data.imagePullPolicy,
    imageRepoSecret: data.imageRepoSecret,
    serviceAccountName: data.serviceAccountName,
    version: data.version,
    selector: data.selector,
    tolerations: data.tolerations,
    inTreeModulesToRemove: data.inTreeModulesToRemove,
    modprobe: data.modprobe,
    gracePeriodSeconds: data.podOptions.gracePeriodSeconds,
  });
}
