import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { verifyBodySignature } from '../../../shared/events/sources/body-signature.ts';
import type { VerifyKeys } from '../../../shared/events/sources/source.ts';
import { sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { anIssuerKey } from '../../builders/identity-token.ts';

const { jwk } = anIssuerKey('k1');
const keys: VerifyKeys = {
  secrets: ['the-secret-of-the-registry'],
  header: 'authorization',
  oidc: { issuer: 'i', audience: 'a', emails: ['e'], keys: async () => ({ keys: [jwk] }) },
};

/** Three parts that decode, mostly, to JSON: what a parser of tokens takes for one. */
const part = fc.oneof(
  fc.json().map((text) => Buffer.from(text).toString('base64url')),
  fc
    .constantFrom(
      { alg: 'RS256', kid: 'k1' },
      { alg: 'ES256' },
      { alg: 'none' },
      { alg: 'RS256', crit: ['b64'], b64: false },
    )
    .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url')),
  fc.string(),
);
const token = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
const scheme = fc.constantFrom('', 'Bearer ', 'Basic ', 'sha256=');
const value = fc.tuple(scheme, fc.oneof(token, fc.string(), fc.base64String())).map((both) => both.join(''));
const headers = fc.dictionary(
  fc.constantFrom(
    ...['authorization', 'x-signature', 'x-hub-signature-256', 'x-gitea-signature', 'x-forgejo-signature'],
    'x-jfrog-event-auth',
  ),
  value,
);

for (const [name, source] of Object.entries(sources)) {
  test(`${name} takes no stranger for its sender, and never throws`, async () => {
    await fc.assert(
      fc.asyncProperty(
        headers,
        fc.uint8Array(),
        fc.string(),
        fc.constantFrom('token', 'hmac'),
        async (some, body, pathSecret, mode) => {
          const counts = await source.verify({ headers: some, body, pathSecret }, { ...keys, mode }, new Date(0));
          assert.equal(counts, false);
        },
      ),
      { numRuns: 200 },
    );
  });
}

test('a signature counts for the bytes that were signed, and for no others', () => {
  const form = { header: 'x', prefix: 'sha256=' } as const;
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.string({ minLength: 1 }), (signed, sent, secret) => {
      const x = `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
      const counts = verifyBodySignature({ headers: { x }, body: sent }, ['another', secret], form);
      assert.equal(counts, Buffer.from(signed).equals(sent));
    }),
  );
});

test('whatever a message of Pub/Sub wraps, it comes to triggers, a reason, or poison', () => {
  const options = { ignoredTaints: defaultIgnoredTaints };
  const reference = fc.oneof(fc.string(), fc.webUrl(), fc.jsonValue());
  const message = fc.record(
    { action: fc.constantFrom('INSERT', 'DELETE', 'toString'), digest: reference, tag: reference },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        message.map((data) => JSON.stringify(data)),
        fc.json(),
        fc.string(),
      ),
      (text) => {
        const body = { message: { data: Buffer.from(text).toString('base64') }, subscription: 's' };
        assert.equal(sources.google.decode({ headers: {}, body }, options).length, 1);
      },
    ),
  );
});
