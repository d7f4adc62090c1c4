import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signRequest } from '../../../shared/adapters/aws-signature/sign-request.ts';

// The vectors that AWS publishes for signature version 4, all with the same key, time and scope.
const scope = {
  region: 'us-east-1',
  service: 'service',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  now: new Date('2015-08-30T12:36:00Z'),
};
const form = 'application/x-www-form-urlencoded';
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const vectors = [
  ['get-vanilla', 'GET', '/', {}, '', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    {},
    '',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-unreserved',
    'GET',
    `/${unreserved}`,
    {},
    '',
    '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  ],
  ['post-vanilla', 'POST', '/', {}, '', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'post-x-www-form-urlencoded',
    'POST',
    '/',
    { 'content-type': form },
    'Param1=value1',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
] as const;

for (const [name, method, path, headers, body, signature] of vectors) {
  test(`signs AWS's published vector ${name}`, () => {
    const signed = signRequest({ method, url: new URL(path, 'https://example.amazonaws.com'), headers, body }, scope);
    assert.equal(signed['authorization']?.split('Signature=')[1], signature);
  });
}

test('signs the documented ListUsers call of IAM', () => {
  const url = new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08');
  const headers = { 'content-type': `${form}; charset=utf-8` };
  const signed = signRequest({ method: 'GET', url, headers, body: '' }, { ...scope, service: 'iam' });
  assert.equal(
    signed['authorization'],
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  );
});

test('a session token is sent and signed', () => {
  const withToken = { ...scope, credentials: { ...scope.credentials, sessionToken: 'token' } };
  const signed = signRequest(
    { method: 'POST', url: new URL('https://example.amazonaws.com/'), headers: {}, body: '' },
    withToken,
  );
  assert.equal(signed['x-amz-security-token'], 'token');
  assert.match(signed['authorization'] ?? '', /SignedHeaders=host;x-amz-date;x-amz-security-token,/);
});
