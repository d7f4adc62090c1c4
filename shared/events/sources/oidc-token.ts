import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { KmmError } from '../../kmm/errors.ts';
import type { SignedRequest } from './source.ts';

/** https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export type JsonWebKeys = JSONWebKeySet;

/**
 * The public keys of an issuer; `kid` is the one that a token names, so that a rotation is seen at once. Rejects with
 * KeysUnavailable, never with an empty set.
 */
export type KeySet = (kid: string | undefined) => Promise<JsonWebKeys>;

/** Whose tokens count: all of it must be right. */
export interface OidcKeys {
  issuer: string;
  audience: string;
  /** Verified addresses of service accounts; two while one is replaced. */
  emails: readonly string[];
  keys: KeySet;
}

/** An issuer's keys can't be had now, so that nobody knows whether a token is good: the sender has to try again. */
export class KeysUnavailable extends KmmError {
  override readonly name = 'KeysUnavailable';
  readonly code = 'KEYS_UNAVAILABLE';
}

/** Public-key algorithms only: with others, a token could be signed with what everybody knows. */
const algorithms = ['RS256', 'ES256'];

/** Between our clock and the issuer's. */
const toleranceSeconds = 30;

/**
 * Whether the request bears an identity token of one of these accounts for us: signature, issuer, audience, time and address.
 * https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
export async function verifyOidcToken(
  { headers }: Pick<SignedRequest, 'headers'>,
  { issuer, audience, emails, keys }: OidcKeys,
  now: Date,
): Promise<boolean> {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) return false;
  try {
    const { payload } = await jwtVerify(
      token,
      async (header, parts) => createLocalJWKSet(await keys(header.kid))(header, parts),
      {
        issuer,
        audience,
        algorithms,
        currentDate: now,
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'iat', 'email'],
      },
    );
    return payload['email_verified'] === true && emails.some((email) => email === payload['email']);
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
