import { Buffer } from 'node:buffer';
import { secretMatches } from '../secret-matches.ts';
import type { SignedRequest, VerifyKeys } from './source.ts';

/**
 * For senders that don't sign: the secret in a header, or as the last part of the path. A header bears it as it is, as
 * `Bearer`, or as the password of `Basic`; a secret may itself be the whole of such a value.
 */
export function verifySharedSecret(request: SignedRequest, keys: VerifyKeys): boolean {
  const header = request.headers[keys.header] ?? '';
  const verbatim = secretMatches(header, keys.secrets);
  const inHeader = secretMatches(withoutScheme(header), keys.secrets);
  const inPath = secretMatches(request.pathSecret ?? '', keys.secrets);
  return verbatim || inHeader || inPath;
}

function withoutScheme(header: string): string {
  const [, credentials] = /^Basic +(\S+)$/i.exec(header) ?? [];
  if (credentials === undefined) return header.replace(/^Bearer +/i, '');
  const pair = Buffer.from(credentials, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}
