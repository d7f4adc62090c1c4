import { InvalidInput } from '../kmm/errors.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import { anonymous, type Credential } from '../oci/credentials.ts';
import { parsePullSecret } from '../oci/docker-config.ts';
import { parseEcrHost } from '../oci/ecr-host.ts';
import { findCredentials } from '../oci/find-credentials.ts';
import type { OciReference } from '../oci/reference.ts';
import { ClusterError } from '../ports/errors.ts';
import { type Grant, isGranted } from '../reconcile/grants.ts';
import type { RunReads } from './run-reads.ts';

/** How a Module's image may be asked for; `denied` in words when its own Secret can't be used. */
export type ImageAccess =
  | { kind: 'granted'; credentials: Credential[] }
  | { kind: 'denied'; code: string; message: string };

/**
 * Credentials for a reference: the Module's own `imageRepoSecret`, read in its namespace; else the installation's, but only
 * for what it grants to that namespace; else none. Never another namespace's, never the cloud role's by default.
 */
export async function findAccess(
  reference: OciReference,
  data: Pick<ModuleLoaderData, 'namespace' | 'imageRepoSecret'>,
  reads: Pick<RunReads, 'secret'>,
  grants: readonly Grant[],
): Promise<ImageAccess> {
  const own =
    data.imageRepoSecret === undefined ? [] : await fromSecret(data.namespace, data.imageRepoSecret, reference, reads);
  if ('kind' in own) return own;
  if (own.length > 0) return { kind: 'granted', credentials: own };
  const ecr = parseEcrHost(reference.registry);
  const resource = `${reference.registry}/${reference.repository}`;
  if (ecr !== undefined && isGranted(grants, 'pull', data.namespace, resource)) {
    return { kind: 'granted', credentials: [{ kind: 'ecr', ...ecr, key: `ecr ${ecr.account} ${ecr.region}` }] };
  }
  return { kind: 'granted', credentials: [anonymous] };
}

async function fromSecret(
  namespace: string,
  name: string,
  reference: OciReference,
  reads: Pick<RunReads, 'secret'>,
): Promise<Credential[] | Extract<ImageAccess, { kind: 'denied' }>> {
  const where = `imageRepoSecret ${namespace}/${name}`;
  try {
    const secret = await reads.secret(namespace, name);
    if (secret === undefined) return { kind: 'denied', code: 'PullSecretMissing', message: `${where} does not exist` };
    return findCredentials(parsePullSecret(secret), reference);
  } catch (error) {
    if (error instanceof InvalidInput)
      return { kind: 'denied', code: 'PullSecretInvalid', message: `${where}: ${error.message}` };
    if (error instanceof ClusterError && error.code === 'FORBIDDEN') {
      return { kind: 'denied', code: 'PullSecretForbidden', message: `${where} may not be read by these functions` };
    }
    throw error;
  }
}
