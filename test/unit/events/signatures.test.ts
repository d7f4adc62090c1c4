import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import type { VerifyKeys } from '../../../shared/events/sources/source.ts';
import { type SourceName, sources } from '../../../shared/events/sources/sources.ts';

const secrets = ['the-secret-of-today', 'the-secret-of-tomorrow'];
const body = Buffer.from('{"action":"push","images":["r.example/a:1"],"note":"\u00fc\u0000"}');
const now = new Date(0);
const hmac = (secret = secrets[0] ?? '', of: Uint8Array = body) =>
  createHmac('sha256', secret).update(of).digest('hex');
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

type Case = [what: string, headers: Record<string, string>, counts: boolean, keys?: Partial<VerifyKeys>];

function check(source: SourceName, cases: readonly Case[]): void {
  describe(source, () => {
    for (const [what, headers, counts, keys] of cases) {
      test(`${counts ? 'counts' : 'does not count'} with ${what}`, async () => {
        const all = { secrets, header: 'authorization', ...keys };
        assert.equal(await sources[source].verify({ headers, body }, all, now), counts);
      });
    }
  });
}

check('generic', [
  ['the signature', { 'x-signature': `sha256=${hmac()}` }, true],
  ['the signature in capitals', { 'x-signature': `sha256=${hmac().toUpperCase()}` }, true],
  ['the next secret’s', { 'x-signature': `sha256=${hmac(secrets[1])}` }, true],
  ['a stranger’s', { 'x-signature': `sha256=${hmac('a guess')}` }, false],
  ['one of other bytes', { 'x-signature': `sha256=${hmac(secrets[0], Buffer.from('{}'))}` }, false],
  ['a bare one', { 'x-signature': hmac() }, false],
  ['a weaker algorithm', { 'x-signature': `sha1=${hmac().slice(0, 40)}` }, false],
  ['a cut one', { 'x-signature': `sha256=${hmac().slice(0, 62)}` }, false],
  ['a longer one', { 'x-signature': `sha256=${hmac()}00` }, false],
  ['what is no hex', { 'x-signature': `sha256=${'zz'.repeat(32)}` }, false],
  ['an empty one', { 'x-signature': '' }, false],
  ['the secret itself', { 'x-signature': secrets[0] ?? '', authorization: `Bearer ${secrets[0]}` }, false],
  ['none', {}, false],
  ['the HMAC of no secret', { 'x-signature': `sha256=${hmac('')}` }, false, { secrets: [] }],
]);

check('gitea', [
  ['Gitea’s', { 'x-gitea-signature': hmac() }, true],
  ['Forgejo’s', { 'x-forgejo-signature': hmac() }, true],
  ['GitHub’s form of it', { 'x-hub-signature-256': `sha256=${hmac()}` }, true],
  ['a stranger’s', { 'x-gitea-signature': hmac('a guess'), 'x-hub-signature-256': `sha256=${hmac('a guess')}` }, false],
  ['the secret itself', { 'x-gitea-signature': secrets[0] ?? '', authorization: secrets[0] ?? '' }, false],
]);

const token = { 'x-jfrog-event-auth': secrets[1] ?? '' };
const signed = { 'x-jfrog-event-auth': hmac() };
check('jfrog', [
  ['its token', token, true, { mode: 'token' }],
  ['its signature', signed, true, { mode: 'hmac' }],
  ['a token where a signature is due', token, false, { mode: 'hmac' }],
  ['a signature where a token is due', signed, false, { mode: 'token' }],
  ['either, as long as nobody said which', token, false],
  ['either, as long as nobody said which (signed)', signed, false],
  ['a token in another header', { authorization: secrets[0] ?? '' }, false, { mode: 'token' }],
]);

check('zot', [
  ['a bearer', { authorization: `Bearer ${secrets[0]}` }, true],
  ['the password of a user', { authorization: basic(`kmm:${secrets[1]}`) }, true],
  ['a user without a name', { authorization: basic(`:${secrets[0]}`) }, true],
  ['a password with a colon', { authorization: basic(`kmm:a:b:c`) }, true, { secrets: ['a:b:c'] }],
  ['the secret as a user', { authorization: basic(`${secrets[0]}:x`) }, false],
  ['an empty password', { authorization: basic('kmm:') }, false],
  ['a header of its own', { 'x-webhook-secret': secrets[0] ?? '' }, true, { header: 'x-webhook-secret' }],
  ['a secret that is a whole header', { authorization: basic('a:b') }, true, { secrets: [basic('a:b')] }],
]);
