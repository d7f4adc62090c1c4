import { digestOf, isDigest } from '../../../shared/oci/digest.ts';
import type { Descriptor } from '../../../shared/oci/manifest.ts';
import { type Answer, answer } from './answer.ts';
import type { RegistryContents, StoredManifest } from './contents.ts';
import type { Ask, Handler } from './handler.ts';
import type { HappeningContent } from './happening.ts';
import { type DescriptorDocument, type ManifestDocument, parseManifestDocument } from './manifest-document.ts';
import { isTag } from './names.ts';
import { readBounded } from './read-bounded.ts';
import { refuse } from './refusal.ts';

/** The size that the specification asks registries to take at least. */
const maxManifestBytes = 4 * 1024 * 1024;

/** GET and HEAD. The stored media type is answered whatever `Accept` says: this registry converts nothing. */
export const getManifest: Handler = async ({ repository, item }, { contents, announce }) => {
  if (!isTag(item) && !isDigest(item)) return refuse('TAG_INVALID', `"${item}" is neither a tag nor a sha256 digest`);
  const manifest = await contents.findManifest(repository, item);
  if (manifest === undefined) return unknownManifest(repository, item);
  const { digest, mediaType, bytes } = manifest;
  announce({ action: 'pull', repository, content: contentOf(manifest, item) });
  const headers = { 'Content-Type': mediaType, 'Docker-Content-Digest': digest, ETag: `"${digest}"` };
  return answer(200, { ...headers, 'Content-Length': String(bytes.length) }, bytes);
};

/** PUT by tag or digest. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests */
export const putManifest: Handler = async (ask, { contents, announce }) => {
  const { repository, item } = ask;
  if (!isTag(item) && !isDigest(item)) return refuse('TAG_INVALID', `"${item}" is neither a tag nor a sha256 digest`);
  const bytes = await readBounded(ask.body, maxManifestBytes);
  if (bytes === undefined) return refuse('SIZE_INVALID', `a manifest has at most ${maxManifestBytes} bytes`);
  const document = parseManifestDocument(bytes);
  if ('problem' in document) return refuse('MANIFEST_INVALID', document.problem);
  const mediaType = mediaTypeOf(ask, document);
  if (mediaType === undefined)
    return refuse('MANIFEST_INVALID', 'Content-Type and mediaType disagree, or neither is given');
  const digest = digestOf(bytes);
  if (isDigest(item) && item !== digest) return refuse('DIGEST_INVALID', `the manifest is ${digest}, not ${item}`);
  const absent = await findAbsent(repository, document, contents);
  if (absent !== undefined) return refuse('MANIFEST_BLOB_UNKNOWN', `${repository} has no ${absent}: push it first`);

  const manifest = { digest, mediaType, bytes };
  await contents.putManifest(repository, manifest, isDigest(item) ? undefined : item);
  announce({ action: 'push', repository, content: contentOf(manifest, item) });
  return answer(201, {
    Location: `/v2/${repository}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
    'Content-Length': '0',
    ...(document.subject === undefined ? {} : { 'OCI-Subject': document.subject.digest }),
  });
};

/** DELETE: a tag alone, or a manifest with all tags that point to it. */
export const deleteManifest: Handler = async ({ repository, item }, { contents, announce }) => {
  if (!isTag(item) && !isDigest(item)) return refuse('TAG_INVALID', `"${item}" is neither a tag nor a sha256 digest`);
  if (!isDigest(item)) {
    if (!(await contents.removeTag(repository, item))) return unknownManifest(repository, item);
    announce({ action: 'delete', repository, deleted: { tag: item } });
    return answer(202, { 'Content-Length': '0' });
  }
  const tags = await contents.removeManifest(repository, item);
  if (tags === undefined) return unknownManifest(repository, item);
  announce({ action: 'delete', repository, deleted: { digest: item } });
  for (const tag of tags) announce({ action: 'delete', repository, deleted: { tag } });
  return answer(202, { 'Content-Length': '0' });
};

function mediaTypeOf({ headers }: Ask, { mediaType }: ManifestDocument): string | undefined {
  const given = headers['content-type']?.split(';')[0]?.trim();
  if (given !== undefined && mediaType !== undefined && given !== mediaType) return undefined;
  return given ?? mediaType;
}

/** What the manifest names and the repository lacks. A `subject` may come later. */
async function findAbsent(
  repository: string,
  document: ManifestDocument,
  contents: RegistryContents,
): Promise<string | undefined> {
  for (const { digest } of blobsOf(document).filter(({ urls }) => urls === undefined)) {
    if ((await contents.findBlob(repository, digest)) === undefined) return `blob ${digest}`;
  }
  for (const { digest } of document.manifests ?? []) {
    if ((await contents.findManifest(repository, digest)) === undefined) return `manifest ${digest}`;
  }
  return undefined;
}

function contentOf({ digest, mediaType, bytes }: StoredManifest, tagOrDigest: string): HappeningContent {
  const document = parseManifestDocument(bytes);
  const tag = isDigest(tagOrDigest) ? {} : { tag: tagOrDigest };
  const references = 'problem' in document ? [] : referencesOf(document);
  return { kind: 'manifests', mediaType, digest, size: bytes.length, ...tag, references };
}

function blobsOf({ config, layers = [] }: ManifestDocument): DescriptorDocument[] {
  return config === undefined ? layers : [config, ...layers];
}

/** As CNCF Distribution tells them, whose events leave platforms out. */
function referencesOf(document: ManifestDocument): Descriptor[] {
  return [...blobsOf(document), ...(document.manifests ?? [])].map(({ mediaType, size, digest }) => ({
    mediaType,
    size,
    digest,
  }));
}

function unknownManifest(repository: string, tagOrDigest: string): Answer {
  return refuse('MANIFEST_UNKNOWN', `${repository} has no manifest ${tagOrDigest}`);
}
