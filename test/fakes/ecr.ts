import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Digest, digestOf } from '../../shared/oci/digest.ts';

/** ECR's control plane over HTTP, as far as we call it: the SDK itself talks to it. */
export interface FakeEcr {
  readonly endpoint: string;
  /** `operation` and parsed body of each call, in order. */
  readonly calls: { operation: string; input: Record<string, unknown> }[];
  /** Repositories are explicit in ECR; a tag in it, too, if given. Returns the digest. */
  put(repository: string, tag: string, manifest: string, mediaType: string): Digest;
  /** The next calls of any operation fail with this error, `count` times. */
  failNext(type: string, count?: number, status?: number): void;
  /** The password that the next tokens hold, and how long they live (milliseconds). */
  setToken(password: string, lifetime?: number): void;
  close(): Promise<void>;
}

interface StoredImage {
  imageManifest: string;
  imageManifestMediaType: string;
}

export async function createFakeEcr(): Promise<FakeEcr> {
  const repositories = new Map<string, Map<string, StoredImage>>();
  const failures: { type: string; status: number }[] = [];
  const calls: FakeEcr['calls'] = [];
  let token = { password: 'first', lifetime: 12 * 3_600_000 };

  const operations: Record<string, (input: Record<string, unknown>) => [status: number, body: unknown]> = {
    GetAuthorizationToken: () => {
      const authorizationToken = Buffer.from(`AWS:${token.password}`).toString('base64');
      const expiresAt = (Date.now() + token.lifetime) / 1000;
      return [200, { authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: 'https://ecr.example' }] }];
    },
    BatchGetImage: ({ repositoryName, imageIds }) => {
      const images = repositories.get(String(repositoryName));
      if (images === undefined) return [400, { __type: 'RepositoryNotFoundException', message: 'no such repository' }];
      const [imageId = {}] = Array.isArray(imageIds) ? imageIds : [];
      const image = images.get(imageId.imageDigest ?? imageId.imageTag);
      if (image === undefined) return [200, { images: [], failures: [{ imageId, failureCode: 'ImageNotFound' }] }];
      return [
        200,
        { images: [{ ...image, imageId: { ...imageId, imageDigest: digestOf(image.imageManifest) } }], failures: [] },
      ];
    },
  };

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(await text(request));
    calls.push({ operation, input });
    const failure = failures.shift();
    const [status, body] = failure
      ? [failure.status, { __type: failure.type, message: 'on purpose, for role/secret-name' }]
      : (operations[operation]?.(input) ?? [400, { __type: 'UnknownOperationException' }]);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    calls,
    put(repository, tag, imageManifest, imageManifestMediaType) {
      const images = repositories.get(repository) ?? new Map<string, StoredImage>();
      const image = { imageManifest, imageManifestMediaType };
      const digest = digestOf(imageManifest);
      repositories.set(repository, images.set(tag, image).set(digest, image));
      return digest;
    },
    failNext: (type, count = 1, status = 400) =>
      void failures.push(...Array.from({ length: count }, () => ({ type, status }))),
    setToken(password, lifetime = 12 * 3_600_000) {
      token = { password, lifetime };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
