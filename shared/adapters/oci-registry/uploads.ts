import { createHash } from 'node:crypto';
import { type Digest, digestOf } from '../../oci/digest.ts';
import type { Descriptor } from '../../oci/manifest.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { OciRegistry, Repository } from '../../ports/registry.ts';
import type { ApiAnswer, ApiRequest } from './api-request.ts';
import { toChunks } from './chunks.ts';
import type { RegistryClient } from './client.ts';
import { resolveUrl } from './http/follow.ts';
import { discard } from './http/read-body.ts';

const mediaType = 'application/octet-stream';
const defaultChunkBytes = 8 * 1024 * 1024;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs */
export function createUploads(
  client: RegistryClient,
  hasBlob: OciRegistry['hasBlob'],
  chunkBytes = defaultChunkBytes,
): Pick<OciRegistry, 'mountBlob' | 'putBlob'> {
  async function send(repository: Repository, request: ApiRequest, expected: number): Promise<ApiAnswer> {
    const answer = await client.call(repository, { ...request, repeatable: false });
    if (answer.status !== expected) throw await client.refusal(repository, request, answer);
    await discard(answer);
    return answer;
  }

  async function open(repository: Repository): Promise<ApiAnswer> {
    return send(repository, { method: 'POST', path: 'blobs/uploads/', access: 'push', body: new Uint8Array() }, 202);
  }

  async function finish(repository: Repository, upload: URL, digest: Digest, body: Uint8Array): Promise<void> {
    const path = new URL(upload);
    path.searchParams.set('digest', digest);
    const headers = { 'Content-Type': mediaType };
    await send(repository, { method: 'PUT', path, access: 'push', headers, body }, 201);
  }

  async function putBytes(repository: Repository, bytes: Uint8Array): Promise<Descriptor> {
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
    if (await hasBlob(repository, descriptor.digest)) return descriptor;
    const upload = uploadUrl(await open(repository));
    await finish(repository, upload, descriptor.digest, bytes);
    return descriptor;
  }

  async function putStream(repository: Repository, content: AsyncIterable<Uint8Array>): Promise<Descriptor> {
    const hash = createHash('sha256');
    const opened = await open(repository);
    let upload = uploadUrl(opened);
    let size = 0;
    try {
      for await (const body of toChunks(content, chunkSize(opened, chunkBytes))) {
        hash.update(body);
        const range = `${size}-${size + body.byteLength - 1}`;
        const headers = { 'Content-Type': mediaType, 'Content-Range': range };
        upload = uploadUrl(
          await send(repository, { method: 'PATCH', path: upload, access: 'push', headers, body }, 202),
        );
        size += body.byteLength;
      }
      const digest: Digest = `sha256:${hash.digest('hex')}`;
      await finish(repository, upload, digest, new Uint8Array());
      return { mediaType, digest, size };
    } catch (error) {
      await cancel(repository, upload);
      throw error;
    }
  }

  /** A courtesy: registries collect abandoned uploads by themselves, so its failure changes nothing. */
  async function cancel(repository: Repository, upload: URL): Promise<void> {
    const request: ApiRequest = { method: 'DELETE', path: upload, access: 'push', repeatable: false };
    await client
      .call(repository, request)
      .then(discard)
      .catch(() => undefined);
  }

  return {
    async mountBlob(repository, digest, from) {
      const path = `blobs/uploads/?${new URLSearchParams({ mount: digest, from })}`;
      const request: ApiRequest = { method: 'POST', path, access: 'push', mountFrom: from, body: new Uint8Array() };
      const answer = await client.call(repository, { ...request, repeatable: false });
      if (answer.status !== 201 && answer.status !== 202) throw await client.refusal(repository, request, answer);
      await discard(answer);
      if (answer.status === 202) await cancel(repository, uploadUrl(answer));
      return answer.status === 201;
    },
    putBlob: (repository, content) =>
      content instanceof Uint8Array ? putBytes(repository, content) : putStream(repository, content),
  };
}

/** Each answer names where the upload goes on. */
function uploadUrl({ headers, url }: ApiAnswer): URL {
  if (headers.location !== undefined) return resolveUrl(headers.location, url);
  throw new RegistryError('PROTOCOL', `${url.host}: an upload without a Location`, { detail: 'no Location' });
}

/** A registry may ask for larger pieces; to hold more than 64 MiB of a stream at once would not be ours. */
function chunkSize({ headers }: ApiAnswer, preferred: number): number {
  const asked = Number(headers['oci-chunk-min-length'] ?? 0);
  return Math.min(Math.max(preferred, Number.isSafeInteger(asked) ? asked : 0), 64 * 1024 * 1024);
}
