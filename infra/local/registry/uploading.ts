import { type Digest, isDigest } from '../../../shared/oci/digest.ts';
import { type Answer, answer } from './answer.ts';
import type { Ask, Handler, RegistryParts } from './handler.ts';
import { blobContent } from './happening.ts';
import { isRepositoryName } from './names.ts';
import { refuse } from './refusal.ts';
import type { Upload } from './uploads.ts';

/**
 * POST: mounts (`mount`, `from`), takes a blob whole (`digest`), or opens an upload. A mount that is not possible opens one.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
 */
export const startUpload: Handler = async (ask, parts) => {
  const mounted = await mount(ask, parts);
  if (mounted !== undefined) return mounted;
  const upload = await parts.uploads.open(ask.repository);
  return ask.query.has('digest') ? complete(ask, upload, parts) : progress(202, upload);
};

/** GET: how far an upload has come. */
export const uploadStatus: Handler = async (ask, parts) => {
  const upload = parts.uploads.find(ask.repository, ask.item);
  return upload === undefined ? unknownUpload(ask) : progress(204, upload);
};

/** PATCH: the next chunk. With a `Content-Range` it must start where the last one ended. */
export const appendChunk: Handler = async (ask, parts) => {
  const upload = parts.uploads.find(ask.repository, ask.item);
  if (upload === undefined) return unknownUpload(ask);
  return (await receive(ask, upload, parts)) ?? progress(202, upload);
};

/** PUT: the last chunk, if any, and the digest of the whole. */
export const finishUpload: Handler = async (ask, parts) => {
  const upload = parts.uploads.find(ask.repository, ask.item);
  return upload === undefined ? unknownUpload(ask) : complete(ask, upload, parts);
};

/** DELETE */
export const cancelUpload: Handler = async (ask, parts) => {
  const upload = parts.uploads.find(ask.repository, ask.item);
  if (upload === undefined) return unknownUpload(ask);
  await parts.uploads.cancel(upload);
  return answer(204);
};

async function mount({ repository, query }: Ask, { contents, announce }: RegistryParts): Promise<Answer | undefined> {
  const [digest, from] = [query.get('mount') ?? '', query.get('from') ?? ''];
  if (!isDigest(digest) || !isRepositoryName(from)) return undefined;
  const size = await contents.findBlob(from, digest);
  if (size === undefined) return undefined;
  await contents.linkBlob(repository, digest);
  announce({ action: 'mount', repository, content: blobContent(digest, size), fromRepository: from });
  return created(repository, digest);
}

async function complete(ask: Ask, upload: Upload, parts: RegistryParts): Promise<Answer> {
  const digest = ask.query.get('digest') ?? '';
  if (!isDigest(digest)) return refuse('DIGEST_INVALID', `"${digest}" is not a sha256 digest`);
  const refused = await receive(ask, upload, parts);
  if (refused !== undefined) return refused;
  const key = await parts.uploads.finish(upload, digest);
  if (key === undefined) return refuse('DIGEST_INVALID', `the content is not ${digest}`);
  await parts.contents.adoptBlob(ask.repository, digest, key);
  parts.announce({ action: 'push', repository: ask.repository, content: blobContent(digest, upload.size) });
  return created(ask.repository, digest);
}

/** Takes the body in; an answer means that it could not. */
async function receive(
  ask: Ask,
  upload: Upload,
  { uploads, maxBlobBytes }: RegistryParts,
): Promise<Answer | undefined> {
  const range = /^(\d{1,15})-(\d{1,15})$/.exec(ask.headers['content-range'] ?? '');
  if (ask.headers['content-range'] !== undefined && Number(range?.[1] ?? -1) !== upload.size) {
    return refuse('RANGE_INVALID', `the next chunk starts at ${upload.size}`, whereabouts(upload));
  }
  const room = maxBlobBytes - upload.size;
  const limit = range === null ? room : Math.min(room, Number(range[2]) + 1 - upload.size);
  switch (await uploads.receive(upload, ask.body, limit)) {
    case 'received':
      return undefined;
    case 'too-large':
      return refuse('SIZE_INVALID', `more than the ${limit} bytes that were to come or may be stored`);
    case 'busy':
      return refuse('BLOB_UPLOAD_INVALID', 'another request is writing to this upload');
  }
}

function progress(status: 202 | 204, upload: Upload): Answer {
  return answer(status, { ...whereabouts(upload), ...(status === 202 ? { 'Content-Length': '0' } : {}) });
}

function whereabouts({ repository, id, size }: Upload): Record<string, string> {
  return {
    Location: `/v2/${repository}/blobs/uploads/${id}`,
    Range: `0-${Math.max(0, size - 1)}`,
    'Docker-Upload-UUID': id,
  };
}

function created(repository: string, digest: Digest): Answer {
  const headers = {
    Location: `/v2/${repository}/blobs/${digest}`,
    'Docker-Content-Digest': digest,
    'Content-Length': '0',
  };
  return answer(201, headers);
}

function unknownUpload({ repository, item }: Ask): Answer {
  return refuse('BLOB_UPLOAD_UNKNOWN', `${repository} has no upload "${item}"`);
}
