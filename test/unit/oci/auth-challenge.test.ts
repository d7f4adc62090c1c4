import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AuthChallenge, parseAuthChallenges } from '../../../shared/oci/auth-challenge.ts';

const cases: [what: string, header: string | string[] | undefined, expected: AuthChallenge[]][] = [
  ['no header', undefined, []],
  ['an empty header', '', []],
  [
    "Docker Hub's",
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull,push"',
    [
      {
        scheme: 'bearer',
        params: {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:library/nginx:pull,push',
        },
      },
    ],
  ],
  [
    'two challenges in one header',
    'Basic realm="a, b", Bearer realm=x , service = "y"',
    [
      { scheme: 'basic', params: { realm: 'a, b' } },
      { scheme: 'bearer', params: { realm: 'x', service: 'y' } },
    ],
  ],
  [
    'two headers',
    ['Negotiate', 'BASIC Realm="q\\"uote"'],
    [
      { scheme: 'negotiate', params: {} },
      { scheme: 'basic', params: { realm: 'q"uote' } },
    ],
  ],
  [
    'schemes without parameters, then one with',
    'NTLM, Negotiate YIIabc/+==, Basic realm="x"',
    [
      { scheme: 'ntlm', params: {} },
      { scheme: 'negotiate', params: {} },
      { scheme: 'basic', params: { realm: 'x' } },
    ],
  ],
  ['the first of a repeated parameter', 'Basic realm="a", realm="b"', [{ scheme: 'basic', params: { realm: 'a' } }]],
  ['a parameter of no challenge', 'realm="a"', []],
  ['an open quote', 'Bearer realm="a', [{ scheme: 'bearer', params: { realm: '' } }]],
];

describe('parseAuthChallenges', () => {
  for (const [what, header, expected] of cases) {
    test(`reads ${what}`, () => assert.deepEqual(parseAuthChallenges(header), expected));
  }

  test('looks at no more than 8 KiB', () => {
    const [challenge] = parseAuthChallenges(`Bearer realm="x"${',a'.repeat(100_000)}`);
    assert.equal(challenge?.params['realm'], 'x');
  });
});
