import { Readable } from 'node:stream';
import type { Digest } from '../../../shared/oci/digest.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import { answer } from './answer.ts';
import { parseByteRange } from './byte-range.ts';
import type { Handler } from './handler.ts';
import { blobContent } from './happening.ts';
import { refuse } from './refusal.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs */
export const getBlob: Handler = async ({ repository, item, headers }, { contents, announce }) => {
  if (!isDigest(item)) return refuse('DIGEST_INVALID', `"${item}" is not a sha256 digest`);
  const size = await contents.findBlob(repository, item);
  if (size === undefined) return unknownBlob(repository, item);
  announce({ action: 'pull', repository, content: blobContent(item, size) });

  const range = parseByteRange(headers.range, size);
  if (range.kind === 'unsatisfiable')
    return refuse('RANGE_INVALID', 'the blob is shorter', { 'Content-Range': `bytes */${size}` });
  const { start, end } = range.kind === 'part' ? range : { start: 0, end: size - 1 };
  const about = {
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(end - start + 1),
    'Docker-Content-Digest': item,
    'Accept-Ranges': 'bytes',
    ETag: `"${item}"`,
  };
  const body = size === 0 ? new Uint8Array() : Readable.from(contents.streamBlob(item, start, end));
  if (range.kind === 'whole') return answer(200, about, body);
  return answer(206, { ...about, 'Content-Range': `bytes ${start}-${end}/${size}` }, body);
};

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#deleting-blobs */
export const deleteBlob: Handler = async ({ repository, item }, { contents, announce }) => {
  if (!isDigest(item)) return refuse('DIGEST_INVALID', `"${item}" is not a sha256 digest`);
  if (!(await contents.unlinkBlob(repository, item))) return unknownBlob(repository, item);
  announce({ action: 'delete', repository, deleted: { digest: item } });
  return answer(202, { 'Content-Length': '0' });
};

function unknownBlob(repository: string, digest: Digest) {
  return refuse('BLOB_UNKNOWN', `${repository} has no blob ${digest}`);
}
