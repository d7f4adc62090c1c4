import type { OciRegistryOptions } from '../../../shared/adapters/oci-registry/options.ts';
import type { Credential } from '../../../shared/oci/credentials.ts';
import { digestOf } from '../../../shared/oci/digest.ts';
import type { ImageRequest, Repository } from '../../../shared/ports/registry.ts';
import type { Answer, Double } from './double.ts';

const imageType = 'application/vnd.oci.image.manifest.v1+json';
const blob = { mediaType: 'application/octet-stream', digest: digestOf('x'), size: 1 };

export const manifest = JSON.stringify({ schemaVersion: 2, mediaType: imageType, config: blob, layers: [blob] });
export const manifestDigest = digestOf(manifest);
export const found = { kind: 'found', digest: manifestDigest, tagDigest: manifestDigest, annotations: {} };

export const manifestAnswer: Answer = {
  status: 200,
  headers: { 'Content-Type': imageType, 'Docker-Content-Digest': manifestDigest },
  body: manifest,
};

export function repositoryAt(host: string, credentials: readonly Credential[] = []): Repository {
  return { registry: host, repository: 'kmm/mod', credentials, tls: { insecure: false, insecureSkipTLSVerify: false } };
}

export function requestAt(host: string, credentials: readonly Credential[] = []): ImageRequest {
  return {
    ...repositoryAt(host, credentials),
    reference: { registry: host, repository: 'kmm/mod', tag: 'v1' },
    architecture: 'amd64',
  };
}

/** Doubles may be on loopback, speak plain HTTP, and nobody waits for a back-off. */
export function forDoubles(...doubles: readonly Pick<Double, 'host'>[]): OciRegistryOptions {
  const hosts = doubles.map(({ host }) => host);
  return { loopbackRegistries: hosts, plainHttp: hosts, sleep: async () => undefined };
}
