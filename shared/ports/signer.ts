import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';

/** Knows signing keys; the signing itself is the function `sign-image`, asked over the bus. */
export interface Signer {
  /** Fingerprint of the key that the Module names; `unusable` in words: no such Secret, key and certificate differ, no grant. */
  findKey(
    data: ModuleLoaderData,
  ): Promise<{ kind: 'found'; fingerprint: string } | { kind: 'unusable'; message: string }>;
}
