import { Buffer } from 'node:buffer';
import { type Digest, digestOf } from '../../../shared/oci/digest.ts';
import type { Descriptor } from '../../../shared/oci/manifest.ts';
import type { ManifestAnswer, OciRegistry, Repository } from '../../../shared/ports/registry.ts';

type Put = Omit<ManifestAnswer, 'digest'>;
type Writer = Pick<OciRegistry, 'putBlob' | 'putManifest' | 'getManifest'>;

const imageType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

/** The smallest image: a config, one layer of a few bytes; its blobs are pushed. */
export async function imageManifest(
  registry: Writer,
  repository: Repository,
  fields: Record<string, unknown> = {},
): Promise<Put> {
  const config = await registry.putBlob(repository, Buffer.from('{"architecture":"amd64","os":"linux"}'));
  const layer = await registry.putBlob(repository, Buffer.from(`layer of ${repository.repository}`));
  return toManifest(imageType, {
    config: { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' },
    layers: [{ ...layer, mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
    ...fields,
  });
}

export async function pushImage(
  registry: Writer,
  repository: Repository,
  tag: string,
  fields: Record<string, unknown> = {},
): Promise<Digest> {
  return registry.putManifest(repository, tag, await imageManifest(registry, repository, fields));
}

/** One image per architecture, and the index of them at the tag. */
export async function pushIndex(
  registry: Writer,
  repository: Repository,
  tag: string,
  architectures: readonly string[],
) {
  const platforms: Record<string, Digest> = {};
  const entries: (Descriptor & { platform: Record<string, string> })[] = [];
  for (const architecture of architectures) {
    const manifest = await imageManifest(registry, repository, { annotations: { architecture } });
    const digest = await registry.putManifest(repository, digestOf(manifest.bytes), manifest);
    platforms[architecture] = digest;
    entries.push({ ...descriptorOf(manifest), platform: { os: 'linux', architecture } });
  }
  return { digest: await registry.putManifest(repository, tag, indexManifest(entries)), platforms };
}

export function indexManifest(manifests: readonly Descriptor[]): Put {
  return toManifest(indexType, { manifests });
}

/** A manifest that refers to the one at `tag`; not put yet. */
export async function referrerManifest(registry: Writer, repository: Repository, tag: string, artifactType: string) {
  const subject = await registry.getManifest(repository, tag);
  if (subject === undefined) throw new Error(`nothing at ${tag}`);
  const manifest = await imageManifest(registry, repository, { artifactType, subject: descriptorOf(subject) });
  return { manifest, descriptor: { ...descriptorOf(manifest), artifactType } };
}

function toManifest(mediaType: string, fields: Record<string, unknown>): Put {
  return { mediaType, bytes: Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...fields })) };
}

function descriptorOf({ mediaType, bytes }: Put): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}
