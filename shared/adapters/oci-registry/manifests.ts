import { type Digest, digestOf, isDigest } from '../../oci/digest.ts';
import { manifestMediaTypes } from '../../oci/media-types.ts';
import { manifestByteLimit } from '../../oci/parse-manifest.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { ManifestAnswer, OciRegistry, Repository } from '../../ports/registry.ts';
import type { ApiAnswer, ApiRequest } from './api-request.ts';
import type { RegistryClient } from './client.ts';
import { readErrorCode } from './http/answer-error.ts';
import { discard, readBody } from './http/read-body.ts';

type Manifests = Pick<OciRegistry, 'getManifest' | 'headManifest' | 'putManifest' | 'deleteManifest'>;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export function createManifests(client: RegistryClient): Manifests {
  async function getManifest(repository: Repository, tagOrDigest: string): Promise<ManifestAnswer | undefined> {
    const request = manifestRequest('GET', tagOrDigest, 'pull');
    const answer = await client.call(repository, request);
    if (answer.status === 404) return provenMissing(client, repository, request, answer);
    if (answer.status !== 200) throw await client.refusal(repository, request, answer);
    const bytes = await readBody(answer, manifestByteLimit);
    const digest = verifiedDigest(repository, tagOrDigest, answer, bytes);
    return { digest, mediaType: mediaTypeOf(answer), bytes };
  }

  return {
    getManifest,
    async headManifest(repository, tagOrDigest) {
      const answer = await client.call(repository, manifestRequest('HEAD', tagOrDigest, 'pull'));
      await discard(answer);
      const digest = digestHeader(answer);
      if (answer.status === 200 && digest !== undefined && matches(tagOrDigest, digest)) {
        return { digest, mediaType: mediaTypeOf(answer) };
      }
      if (answer.status === 429 || answer.status >= 500)
        throw await client.refusal(repository, manifestRequest('HEAD', tagOrDigest, 'pull'), answer);
      // HEAD may be refused, may lack the digest, and its 404 has no body that would prove it.
      return getManifest(repository, tagOrDigest);
    },
    async putManifest(repository, tagOrDigest, { mediaType, bytes }) {
      const headers = { 'Content-Type': mediaType };
      const request: ApiRequest = {
        method: 'PUT',
        path: `manifests/${tagOrDigest}`,
        access: 'push',
        headers,
        body: bytes,
      };
      const answer = await client.call(repository, request);
      if (answer.status !== 201) throw await client.refusal(repository, request, answer);
      await discard(answer);
      return verifiedDigest(repository, tagOrDigest, answer, bytes);
    },
    async deleteManifest(repository, tagOrDigest) {
      const request = manifestRequest('DELETE', tagOrDigest, 'delete');
      const answer = await client.call(repository, request);
      if (answer.status !== 404 && answer.status >= 300) throw await client.refusal(repository, request, answer);
      await discard(answer);
      return answer.status === 404 ? 'absent' : 'deleted';
    },
  };
}

function manifestRequest(
  method: 'GET' | 'HEAD' | 'DELETE',
  tagOrDigest: string,
  access: ApiRequest['access'],
): ApiRequest {
  const headers = { Accept: manifestMediaTypes.join(', ') };
  return { method, path: `manifests/${tagOrDigest}`, access, headers };
}

/**
 * "Missing" may start a build, so a 404 has to be a registry's: by its error document, its header, or its `/v2/`. The 404
 * of an ingress whose registry is away is none.
 */
async function provenMissing(
  client: RegistryClient,
  repository: Repository,
  request: ApiRequest,
  answer: ApiAnswer,
): Promise<undefined> {
  const error = await readErrorCode(answer);
  if (error !== undefined || answer.headers['docker-distribution-api-version'] !== undefined) return undefined;
  if (await client.isRegistry(repository)) return undefined;
  throw new RegistryError(
    'PROTOCOL',
    `${request.method} ${repository.registry}/${repository.repository}: a 404, but not of a registry: check the host and what stands before it`,
    { detail: '404' },
  );
}

function verifiedDigest(
  { registry, repository }: Repository,
  tagOrDigest: string,
  answer: ApiAnswer,
  bytes: Uint8Array,
): Digest {
  const digest = digestOf(bytes);
  const claimed = digestHeader(answer) ?? digest;
  if (claimed === digest && matches(tagOrDigest, digest)) return digest;
  throw new RegistryError(
    'PROTOCOL',
    `${registry}/${repository}: the manifest of ${tagOrDigest} has digest ${digest}, not the one it should have`,
    { detail: 'digest mismatch' },
  );
}

function matches(tagOrDigest: string, digest: Digest): boolean {
  return !isDigest(tagOrDigest) || tagOrDigest === digest;
}

/** Registries may state a digest of another algorithm, which says nothing to us. */
function digestHeader({ headers }: ApiAnswer): Digest | undefined {
  const claimed = headers['docker-content-digest'];
  return typeof claimed === 'string' && isDigest(claimed) ? claimed : undefined;
}

function mediaTypeOf({ headers }: ApiAnswer): string {
  return headers['content-type']?.split(';')[0]?.trim() ?? '';
}
