import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { KeysUnavailable, type OidcKeys, verifyOidcToken } from '../../../shared/events/sources/oidc-token.ts';
import { sources } from '../../../shared/events/sources/sources.ts';
import { anIssuerKey, aToken, googleClaims } from '../../builders/identity-token.ts';

const now = new Date('2026-11-24T12:00:00Z');
const seconds = now.getTime() / 1000;
const [key, stranger] = [anIssuerKey('k1'), anIssuerKey('k1')];
const oidc: OidcKeys = {
  issuer: 'https://accounts.google.com',
  audience: 'https://kmm.example/events/google/main',
  emails: ['push@acme.iam.gserviceaccount.com', 'next@acme.iam.gserviceaccount.com'],
  keys: async () => ({ keys: [key.jwk] }),
};
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const verify = (token: string, keys = oidc) => verifyOidcToken(bearer(token), keys, now);

test('the token of a configured account counts', async () => {
  assert.equal(await verify(aToken(key, googleClaims(now))), true);
  assert.equal(await verify(aToken(key, googleClaims(now, { email: oidc.emails[1] }))), true);
});

const wrongClaims: [what: string, claims: object][] = [
  ['of another issuer', { iss: 'https://issuer.example' }],
  ['for another audience', { aud: 'https://other.example' }],
  ['of another account', { email: 'push@evil.iam.gserviceaccount.com' }],
  ['of a longer address', { email: 'push@acme.iam.gserviceaccount.com.evil.example' }],
  ['without an address', { email: undefined }],
  ['of an address that is a list', { email: oidc.emails }],
  ['of an address that nobody verified', { email_verified: false }],
  ['of an address verified by a text', { email_verified: 'true' }],
  ['that ran out', { exp: seconds - 60 }],
  ['without an end', { exp: undefined }],
  ['without a beginning', { iat: undefined }],
  ['that begins later', { nbf: seconds + 60 }],
];
for (const [what, claims] of wrongClaims) {
  test(`a token ${what} does not count`, async () =>
    assert.equal(await verify(aToken(key, googleClaims(now, claims))), false));
}

test('a token signed by a stranger under the same key id does not count', async () =>
  assert.equal(await verify(aToken(stranger, googleClaims(now))), false));

test('a token changed after it was signed does not count', async () => {
  const [header, , signature] = aToken(key, googleClaims(now, { email: 'a@b.c' })).split('.');
  const [, claims] = aToken(key, googleClaims(now)).split('.');
  assert.equal(await verify(`${header}.${claims}.${signature}`), false);
});

test('a token without a signature, or signed with the public key as a secret, does not count', async () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const none = `${encode({ alg: 'none' })}.${encode(googleClaims(now))}.`;
  const hmac = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(googleClaims(now))}`;
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
  const confused = `${hmac}.${createHmac('sha256', pem).update(hmac).digest('base64url')}`;
  assert.deepEqual([await verify(none), await verify(confused)], [false, false]);
});

test('what is no token does not count, and asks nobody for keys', async () => {
  const keys: OidcKeys = { ...oidc, keys: () => assert.fail('asked') };
  for (const text of ['', 'x', 'a.b.c', '..', '\u0000', `${'a'.repeat(100_000)}.b.c`])
    assert.equal(await verify(text, keys), false, text.slice(0, 20));
  assert.equal(await verifyOidcToken({ headers: {} }, keys, now), false);
  assert.equal(await verifyOidcToken({ headers: { authorization: 'Basic eDp5' } }, keys, now), false);
});

test('a token under a key that the issuer has just begun to use counts', async () => {
  const next = anIssuerKey('k2');
  const asked: unknown[] = [];
  const keys = async (kid: string | undefined) => {
    asked.push(kid);
    return { keys: kid === 'k2' ? [key.jwk, next.jwk] : [key.jwk] };
  };
  assert.equal(await verify(aToken(next, googleClaims(now)), { ...oidc, keys }), true);
  assert.deepEqual(asked, ['k2']);
});

test('without keys nobody knows: that is an error, not a refusal', async () => {
  const keys = () => Promise.reject(new KeysUnavailable('away'));
  await assert.rejects(verify(aToken(key, googleClaims(now)), { ...oidc, keys }), KeysUnavailable);
});

test('Google without an identity counts for nobody, whatever its secrets', async () => {
  const request = { headers: { authorization: 'Bearer a-secret-of-enough-length' }, body: Buffer.from('{}') };
  const keys = { secrets: ['a-secret-of-enough-length'], header: 'authorization' };
  assert.equal(await sources.google.verify(request, keys, now), false);
});
