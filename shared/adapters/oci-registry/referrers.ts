import { InvalidInput } from '../../kmm/errors.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Descriptor } from '../../oci/manifest.ts';
import { type Manifest, parseManifest } from '../../oci/parse-manifest.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { OciRegistry, Repository } from '../../ports/registry.ts';
import type { RegistryClient } from './client.ts';
import { discard, readBody } from './http/read-body.ts';
import { getPages } from './pages.ts';

/**
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers, and the tag `sha256-<hex>` where
 * a registry has no such API. The filter is applied here as well: registries may ignore it.
 */
export function createListReferrers(
  client: RegistryClient,
  getManifest: OciRegistry['getManifest'],
): OciRegistry['listReferrers'] {
  return async (repository, digest, artifactType) => {
    const all =
      (await fromApi(client, repository, digest, artifactType)) ?? (await fromTag(getManifest, repository, digest));
    return artifactType === undefined ? all : all.filter((descriptor) => descriptor.artifactType === artifactType);
  };
}

async function fromApi(
  client: RegistryClient,
  repository: Repository,
  digest: Digest,
  artifactType: string | undefined,
): Promise<Descriptor[] | undefined> {
  const query = artifactType === undefined ? '' : `?${new URLSearchParams({ artifactType })}`;
  const path = `referrers/${digest}${query}`;
  const found: Descriptor[] = [];
  for await (const answer of getPages(client, repository, path, {
    Accept: 'application/vnd.oci.image.index.v1+json',
  })) {
    if ([400, 404, 405, 501].includes(answer.status)) {
      await discard(answer);
      return undefined;
    }
    if (answer.status !== 200) throw await client.refusal(repository, { method: 'GET', path, access: 'pull' }, answer);
    found.push(...descriptorsOf(await readBody(answer, 4 * 1024 * 1024)));
  }
  return found;
}

async function fromTag(
  getManifest: OciRegistry['getManifest'],
  repository: Repository,
  digest: Digest,
): Promise<Descriptor[]> {
  const manifest = await getManifest(repository, digest.replace(':', '-'));
  return manifest === undefined ? [] : descriptorsOf(manifest.bytes);
}

function descriptorsOf(bytes: Uint8Array): Descriptor[] {
  const manifest = parse(bytes);
  return manifest.kind === 'index' ? manifest.manifests.map(({ platform: _, ...descriptor }) => descriptor) : [];
}

function parse(bytes: Uint8Array): Manifest {
  try {
    return parseManifest(bytes);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new RegistryError('PROTOCOL', `list of referrers: ${cause.message}`, { cause, detail: 'bad manifest' });
  }
}
