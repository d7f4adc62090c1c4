import type { Credential } from '../oci/credentials.ts';

type EcrCredential = Credential & { kind: 'ecr' };
type BasicCredential = Credential & { kind: 'basic' };

/** Where the password for ECR's distribution API comes from. */
export interface EcrTokens {
  /**
   * The password for `host`, cached until shortly before it expires (`cached`: not made for this call). Throws
   * RegistryError: FORBIDDEN when the host is not that account's registry, otherwise what kept AWS from answering.
   */
  get(credential: EcrCredential, host: string): Promise<{ credential: BasicCredential; cached: boolean }>;
  /** The token was refused: the next `get` asks anew. */
  forget(credential: EcrCredential): void;
}
