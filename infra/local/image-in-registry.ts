import { parseReference } from '../../shared/oci/parse-reference.ts';

const accepted = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Whether a node could pull an image: the embedded registry is asked for its own, others are taken as there. */
export function imageInRegistry(registryUrl: string): (image: string) => Promise<boolean> {
  const host = new URL(registryUrl).host;
  return async (image) => {
    const reference = parseReference(image);
    if (reference.registry !== host) return true;
    const item = reference.digest ?? reference.tag ?? 'latest';
    const answer = await fetch(`${registryUrl}/v2/${reference.repository}/manifests/${item}`, {
      method: 'HEAD',
      headers: { Accept: accepted },
      signal: AbortSignal.timeout(5000),
    });
    return answer.ok;
  };
}
