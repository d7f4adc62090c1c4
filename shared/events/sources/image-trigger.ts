import * as z from 'zod';
import { isDigest } from '../../oci/digest.ts';
import type { ImageTrigger } from '../trigger.ts';

/** Host with an optional port, as an image reference has it. */
export const RegistryHost = z
  .string()
  .max(261)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/,
    'expected host or host:port',
  );

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export const RepositoryName = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/,
    'expected a repository name',
  );

export const TagName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'expected a tag');
export const DigestText = z.string().refine(isDigest, 'expected a digest, sha256:<64 hex>');

/** What stands before the first slash of `host/repository…`. Not yet a RegistryHost: it may be anything. */
export function hostOf(address: string): string {
  return address.slice(0, Math.max(address.indexOf('/'), 0));
}

/** Leaves out what the event did not say. The host comes in lower case, as normalised image references have it. */
export function imageTrigger(fields: {
  action: ImageTrigger['action'];
  registry: string;
  repository: string;
  tag: string | undefined;
  digest: ImageTrigger['digest'] | undefined;
}): ImageTrigger {
  const { action, registry, repository, tag, digest } = fields;
  return {
    kind: 'image',
    action,
    registry: registry.toLowerCase(),
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}
