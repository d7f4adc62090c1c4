import { secretMatches } from '../secret-matches.ts';
import type { SignedRequest, VerifyKeys } from './source.ts';

/** For senders that don't sign: the secret in a header, bare or as `Bearer`, or as the last part of the path. */
export function verifySharedSecret(request: SignedRequest, keys: VerifyKeys): boolean {
  const header = request.headers[keys.header] ?? '';
  const inHeader = secretMatches(header.replace(/^Bearer +/i, ''), keys.secrets);
  const inPath = secretMatches(request.pathSecret ?? '', keys.secrets);
  return inHeader || inPath;
}
