import { annotations } from '../kmm/labels.ts';
import type { ModuleLoaderData, Tls } from '../kmm/module-loader-data.ts';
import { formatReference } from '../oci/format-reference.ts';
import { parseReference } from '../oci/parse-reference.ts';
import { RegistryError } from '../ports/errors.ts';
import type { ImageLookup, ImageRequest } from '../ports/registry.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { ImageFact } from '../reconcile/facts.ts';
import { findAccess } from './image-access.ts';
import type { RunReads } from './run-reads.ts';

export interface LookUp {
  reference: string;
  tls: Tls;
  architecture: string;
  data: Pick<ModuleLoaderData, 'namespace' | 'imageRepoSecret'>;
  deniedMeansMissing: boolean;
  /** Digests of the last look, for a HEAD that saves the GET. */
  known?: NonNullable<ImageRequest['known']>;
}

/**
 * Asks the registry for an image, once per run and credential. Whatever is not an answer is `unreachable` with its class,
 * never "missing"; only with `denied-means-missing` a 401 or 403 counts as missing.
 */
export async function lookUpImage(ask: LookUp, ports: TargetPorts, reads: RunReads): Promise<ImageFact> {
  const reference = parseReference(ask.reference);
  const access = await findAccess(reference, ask.data, reads, ports.settings.grants);
  if (access.kind === 'denied') {
    return { kind: 'unreachable', code: access.code, detail: access.code, message: access.message, denied: false };
  }
  try {
    const found = await ports.images.findImage({
      reference,
      architecture: ask.architecture,
      credentials: access.credentials,
      tls: ask.tls,
      ...(ask.known === undefined ? {} : { known: ask.known }),
    });
    return toFact(found);
  } catch (error) {
    if (error instanceof RegistryError) return unreachable(error, formatReference(reference), ask.deniedMeansMissing);
    throw error;
  }
}

function toFact(found: ImageLookup): ImageFact {
  if (found.kind === 'missing') return found;
  const identity = found.annotations[annotations.buildIdentity];
  return {
    kind: 'found',
    digest: found.digest,
    tagDigest: found.tagDigest,
    ...(identity === undefined ? {} : { identity }),
  };
}

function unreachable(error: RegistryError, reference: string, deniedMeansMissing: boolean): ImageFact {
  const denied = error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN';
  if (denied && deniedMeansMissing) return { kind: 'missing', platforms: [] };
  return {
    kind: 'unreachable',
    code: reasonOf(error),
    detail: error.detail,
    message: `looking up ${reference}: ${error.message}`,
    denied: denied && error.authenticated,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

const reasons: Record<RegistryError['code'], string> = {
  UNAUTHORIZED: 'Unauthorized',
  FORBIDDEN: 'Forbidden',
  RATE_LIMITED: 'RateLimited',
  UNAVAILABLE: 'Unavailable',
  TLS: 'Tls',
  DNS: 'Dns',
  TIMEOUT: 'Timeout',
  REFUSED_ADDRESS: 'RefusedAddress',
  PROTOCOL: 'Protocol',
};

function reasonOf(error: RegistryError): string {
  return reasons[error.code];
}
