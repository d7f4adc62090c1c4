import { type Digest, isDigest } from '../../../shared/oci/digest.ts';
import type { Descriptor } from '../../../shared/oci/manifest.ts';
import { jsonAnswer } from './answer.ts';
import type { StoredManifest } from './contents.ts';
import type { Handler } from './handler.ts';
import { parseManifestDocument } from './manifest-document.ts';
import { refuse } from './refusal.ts';

/**
 * The manifests of a repository whose `subject` is a digest, as an index; empty for an unknown digest. It reads them all:
 * a local registry holds few. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
 */
export const listReferrers: Handler = async ({ repository, item, query }, { contents }) => {
  if (!isDigest(item)) return refuse('DIGEST_INVALID', `"${item}" is not a sha256 digest`);
  const digests = await contents.listManifests(repository);
  const stored = await Promise.all(digests.map((digest) => contents.findManifest(repository, digest)));
  const all = stored.flatMap((manifest) => (manifest === undefined ? [] : referrerOf(item, manifest)));
  const artifactType = query.get('artifactType');
  const manifests = all.filter((descriptor) => artifactType === null || descriptor.artifactType === artifactType);
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const filtered: Record<string, string> = artifactType === null ? {} : { 'OCI-Filters-Applied': 'artifactType' };
  return jsonAnswer(200, { schemaVersion: 2, mediaType, manifests }, { 'Content-Type': mediaType, ...filtered });
};

function referrerOf(subject: Digest, { digest, mediaType, bytes }: StoredManifest): Descriptor[] {
  const document = parseManifestDocument(bytes);
  if ('problem' in document || document.subject?.digest !== subject) return [];
  const { annotations } = document;
  const artifactType = document.artifactType ?? document.config?.mediaType;
  return [
    {
      mediaType,
      digest,
      size: bytes.length,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  ];
}
