/**
 * How to speak to a registry. `key` identifies the credential in caches (a digest of its content, never the secret itself):
 * tokens and manifests are cached per credential, so that one namespace never profits from another's rights.
 */
export type Credential =
  | { kind: 'anonymous'; key: 'anonymous' }
  | { kind: 'basic'; username: string; password: string; key: string }
  | { kind: 'identity-token'; token: string; key: string }
  | { kind: 'ecr'; account: string; region: string; key: string };

export const anonymous: Credential = { kind: 'anonymous', key: 'anonymous' };
