import type { Credential } from '../../../oci/credentials.ts';

/** Where the password for ECR's own API comes from; the adapter of ECR implements it. */
export interface EcrTokens {
  /**
   * The Basic credential for `host`, cached until shortly before it expires. Throws RegistryError: FORBIDDEN when the
   * host is not that account's registry, otherwise what kept AWS from answering.
   */
  get(
    credential: Credential & { kind: 'ecr' },
    host: string,
  ): Promise<{ credential: Credential & { kind: 'basic' }; cached: boolean }>;
  /** The token was refused: the next `get` asks anew. */
  forget(credential: Credential & { kind: 'ecr' }): void;
}
