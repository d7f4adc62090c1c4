import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignedRequest } from './source.ts';

export interface SignatureForm {
  /** In lower case. */
  header: string;
  /** What stands before the hex digits. */
  prefix: '' | 'sha256=';
}

const hexDigest = /^[0-9a-f]{64}$/i;

/**
 * Whether a header bears the HMAC-SHA256 of the raw body under one of the secrets (two are valid at once while one is
 * rotated). Takes the same time whichever it is: all of them are tried.
 */
export function verifyBodySignature(
  { headers, body }: Pick<SignedRequest, 'headers' | 'body'>,
  secrets: readonly string[],
  { header, prefix }: SignatureForm,
): boolean {
  const text = headers[header] ?? '';
  const hex = text.slice(prefix.length);
  if (!text.startsWith(prefix) || !hexDigest.test(hex)) return false;
  const given = Buffer.from(hex, 'hex');
  let found = false;
  for (const secret of secrets) {
    found = timingSafeEqual(given, createHmac('sha256', secret).update(body).digest()) || found;
  }
  return found;
}
