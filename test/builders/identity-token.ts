import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An issuer's key pair, made with Node's own crypto: the other side of `jose`. */
export function anIssuerKey(kid: string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { kid, privateKey, publicKey, jwk: { kty: 'RSA', kid, use: 'sig', alg: 'RS256', n: n ?? '', e: e ?? '' } };
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A signed token with these claims. */
export function aToken(key: { kid: string; privateKey: KeyObject }, claims: object, header: object = {}): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key.privateKey, 'base64url')}`;
}

/** What Google puts into the token of a push subscription. */
export function googleClaims(now: Date, overrides: object = {}): Record<string, unknown> {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    aud: 'https://kmm.example/events/google/main',
    azp: '113774264463038321964',
    email: 'push@acme.iam.gserviceaccount.com',
    email_verified: true,
    exp: seconds + 3600,
    iat: seconds,
    iss: 'https://accounts.google.com',
    sub: '113774264463038321964',
    ...overrides,
  };
}
