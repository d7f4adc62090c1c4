import type { OciRegistry } from '../../ports/registry.ts';
import type { ApiRequest } from './api-request.ts';
import type { RegistryClient } from './client.ts';
import { discard } from './http/read-body.ts';
import { verifiedStream } from './verified-stream.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs */
export function createBlobs(client: RegistryClient): Pick<OciRegistry, 'getBlob' | 'hasBlob'> {
  return {
    async getBlob(repository, descriptor) {
      const request: ApiRequest = { method: 'GET', path: `blobs/${descriptor.digest}`, access: 'pull' };
      const answer = await client.call(repository, request);
      if (answer.status === 200) return verifiedStream(answer.body, descriptor);
      if (answer.status !== 404) throw await client.refusal(repository, request, answer);
      await discard(answer);
      return undefined;
    },
    async hasBlob(repository, digest) {
      const request: ApiRequest = { method: 'HEAD', path: `blobs/${digest}`, access: 'pull' };
      const answer = await client.call(repository, request);
      if (answer.status !== 200 && answer.status !== 404) throw await client.refusal(repository, request, answer);
      await discard(answer);
      return answer.status === 200;
    },
  };
}
