import type { BatchGetImageCommandOutput } from '@aws-sdk/client-ecr';
import { InvalidInput } from '../../kmm/errors.ts';
import { chooseImage } from '../../oci/choose-image.ts';
import { digestOf } from '../../oci/digest.ts';
import { parseEcrHost } from '../../oci/ecr-host.ts';
import { formatReference } from '../../oci/format-reference.ts';
import { manifestMediaTypes } from '../../oci/media-types.ts';
import type { OciReference } from '../../oci/reference.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { ImageFinder, ImageLookup } from '../../ports/registry.ts';
import { createEcrClients, type EcrOptions } from './ecr-clients.ts';
import { toEcrError } from './ecr-error.ts';

/**
 * Looks images of ECR up with the functions' own role: one BatchGetImage, no token. Only for what the configuration grants,
 * which the caller has checked. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export function createEcrRegistry(options: EcrOptions = {}): ImageFinder {
  const findClient = createEcrClients(options);
  return {
    async findImage({ reference, architecture }) {
      const doing = `BatchGetImage ${formatReference(reference)}`;
      const host = parseEcrHost(reference.registry);
      if (host === undefined) throw new RegistryError('PROTOCOL', `${doing}: the host is no registry of ECR`);
      try {
        const { sdk, client } = await findClient(host.region);
        const output = await client.send(
          new sdk.BatchGetImageCommand({
            registryId: host.account,
            repositoryName: reference.repository,
            imageIds: [imageId(reference)],
            acceptedMediaTypes: [...manifestMediaTypes],
          }),
        );
        return toLookup(output, architecture, doing);
      } catch (error) {
        if (error instanceof Error && error.name === 'RepositoryNotFoundException')
          return { kind: 'missing', platforms: [] };
        throw toEcrError(error, doing);
      }
    },
  };
}

/** With both, ECR would refuse a tag that has moved since; the digest alone says what is wanted. */
function imageId({ tag, digest }: OciReference): { imageDigest: string } | { imageTag: string } {
  return digest === undefined ? { imageTag: tag ?? 'latest' } : { imageDigest: digest };
}

/** A missing image is an entry of `failures`, never an exception. */
function toLookup({ images, failures }: BatchGetImageCommandOutput, architecture: string, doing: string): ImageLookup {
  const failure = failures?.[0]?.failureCode;
  if (failure === 'ImageNotFound') return { kind: 'missing', platforms: [] };
  const { imageManifest, imageManifestMediaType: mediaType = '' } = images?.[0] ?? {};
  if (failure !== undefined || imageManifest === undefined) {
    const detail = failure ?? 'no manifest';
    throw new RegistryError('PROTOCOL', `${doing}: ${detail}`, { detail, authenticated: true });
  }
  const bytes = new TextEncoder().encode(imageManifest);
  const digest = digestOf(bytes);
  if (images?.[0]?.imageId?.imageDigest !== digest) {
    throw new RegistryError('PROTOCOL', `${doing}: the manifest has digest ${digest}, not the one it should have`, {
      detail: 'digest mismatch',
    });
  }
  try {
    return chooseImage({ bytes, mediaType, digest }, architecture);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new RegistryError('PROTOCOL', `${doing}: ${cause.message}`, { cause, detail: 'bad manifest' });
  }
}
