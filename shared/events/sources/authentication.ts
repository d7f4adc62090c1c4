import type { SourceName } from './sources.ts';

/**
 * How a source's sender proves who it is. `secret`: a shared secret in a header or at the end of the path. `signature`: an HMAC
 * of the body. `secret or signature`: the configuration says which (`mode`). `identity token`: an OIDC token of an account.
 */
export type Authentication = 'secret' | 'signature' | 'secret or signature' | 'identity token';

/** What an installation has to say about a source before it starts. */
export interface Requirements {
  by: Authentication;
  /** Its events don't say which registry they come from: the configuration has to. */
  registry?: 'required';
}

/**
 * The sources of the registries' door. A table beside `sources.ts` because every function reads the configuration, which has
 * to know these names, and few need the decoders.
 */
export const doorSources = {
  distribution: { by: 'secret' },
  ecr: { by: 'secret' },
  'ecr-cloud-event': { by: 'secret' },
  google: { by: 'identity token' },
  jfrog: { by: 'secret or signature' },
  gitea: { by: 'signature' },
  zot: { by: 'secret', registry: 'required' },
  generic: { by: 'signature' },
  harbor: { by: 'secret' },
  quay: { by: 'secret' },
  'docker-hub': { by: 'secret' },
  ghcr: { by: 'signature' },
  acr: { by: 'secret' },
  'own-event': { by: 'secret' },
  'knative-api-server': { by: 'secret' },
  manual: { by: 'secret' },
} as const satisfies Partial<Record<SourceName, Requirements>>;

export type DoorSource = keyof typeof doorSources;

export function requirementsOf(source: DoorSource): Requirements {
  return doorSources[source];
}
