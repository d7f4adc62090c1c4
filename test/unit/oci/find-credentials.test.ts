import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { parseDockerCfg, parseDockerConfig, parsePullSecret } from '../../../shared/oci/docker-config.ts';
import { findCredentials } from '../../../shared/oci/find-credentials.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';

/** Each key's user is the key itself. */
const configOf = (...hosts: string[]) =>
  parseDockerConfig(
    JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { username: host, password: 'p' }])) }),
  );

const users = (hosts: string[], image: string) =>
  findCredentials(configOf(...hosts), parseReference(image)).map((credential) =>
    credential.kind === 'basic' ? credential.username : credential.kind,
  );

const matches: [key: string, image: string, applies: boolean][] = [
  ['quay.io', 'quay.io/a/b', true],
  ['https://quay.io', 'quay.io/a/b', true],
  ['https://quay.io/v2/', 'quay.io/a/b', true],
  ['quay.io/v1', 'quay.io/a/b', true],
  ['QUAY.io', 'quay.io/a/b', true],
  ['quay.io', 'evil-quay.io/a', false],
  ['quay.io', 'quay.io.evil.example/a', false],
  ['quay.io/a', 'quay.io/a/b', true],
  ['quay.io/a/', 'quay.io/a/b', true],
  ['quay.io/a', 'quay.io/ab/c', false],
  ['quay.io/a/b', 'quay.io/a/b:v1', true],
  ['quay.io/a/b/c', 'quay.io/a/b', false],
  ['reg.example:5000', 'reg.example:5000/a', true],
  ['reg.example', 'reg.example:5000/a', false],
  ['reg.example:5000', 'reg.example/a', false],
  ['reg.example:443', 'reg.example/a', true],
  ['reg.example', 'reg.example:443/a', true],
  ['https://index.docker.io/v1/', 'nginx', true],
  ['https://index.docker.io/v1/', 'team/app', true],
  ['docker.io', 'docker.io/team/app', true],
  ['registry-1.docker.io', 'nginx', true],
  ['index.docker.io/team', 'team/app', true],
  ['index.docker.io/team', 'nginx', false],
  ['*.example.com', 'reg.example.com/a', true],
  ['*.example.com', 'a.b.example.com/a', false],
  ['*.example.com', 'example.com/a', false],
  ['re*g*.example.com', 'regig.example.com/a', true],
  ['*.example.com:5000/team', 'reg.example.com:5000/team/a', true],
  ['*.dkr.ecr.*.amazonaws.com', '111122223333.dkr.ecr.eu-west-1.amazonaws.com/a', true],
];

describe('findCredentials', () => {
  for (const [key, image, applies] of matches) {
    test(`${key} ${applies ? 'applies' : 'does not apply'} to ${image}`, () => {
      assert.deepEqual(users([key], image), applies ? [key] : []);
    });
  }

  test('gives the most specific first, whatever the order of the file', () => {
    const hosts = ['*.io', 'quay.io', 'quay.io/a/b', 'quay.io/a', '*.io/a'];
    const expected = ['quay.io/a/b', 'quay.io/a', '*.io/a', 'quay.io', '*.io'];
    assert.deepEqual(users(hosts, 'quay.io/a/b'), expected);
    assert.deepEqual(users(hosts.toReversed(), 'quay.io/a/b'), expected);
  });
});

describe('Docker configurations', () => {
  const auth = (text: string) => Buffer.from(text).toString('base64');
  const only = (entry: object) =>
    parseDockerConfig(JSON.stringify({ auths: { h: entry }, credHelpers: { h: 'x' } })).entries[0]?.credential;

  test('auth wins over the fields, and only its first colon separates', () => {
    const { username, password } = {
      username: '',
      password: '',
      ...only({ auth: auth('u:p:w\0\0'), username: 'x', password: 'y' }),
    };
    assert.deepEqual([username, password], ['u', 'p:w']);
  });

  test('an identity token wins over both', () => {
    const credential = only({ auth: auth('<token>:'), identitytoken: 'secret' });
    assert.equal(credential?.kind === 'identity-token' && credential.token, 'secret');
  });

  test('an entry without a credential is none', () => {
    assert.equal(only({}), undefined);
    assert.equal(only({ username: 'u' }), undefined);
  });

  test('keys differ by content and hold none of it', () => {
    const [a, b, again] = [
      only({ username: 'u', password: 'abc' }),
      only({ username: 'ua', password: 'bc' }),
      only({ auth: auth('u:abc') }),
    ];
    assert.notEqual(a?.key, b?.key);
    assert.equal(a?.key, again?.key);
    assert.match(a?.key ?? '', /^sha256:/);
  });

  test('both kinds of pull secret are read', () => {
    const entries = { 'quay.io': { auth: auth('u:p') } };
    const config = parseDockerCfg(JSON.stringify(entries));
    const data = { '.dockercfg': auth(JSON.stringify(entries)) };
    assert.deepEqual(parsePullSecret({ type: 'kubernetes.io/dockercfg', data }), config);
    assert.deepEqual(
      parsePullSecret({ data: { '.dockerconfigjson': auth(JSON.stringify({ auths: entries })) } }),
      config,
    );
    assert.deepEqual(parsePullSecret({ data: { '.dockerconfigjson': auth('{}') } }).entries, []);
  });

  const refused: [what: string, data: Record<string, string> | undefined][] = [
    ['no data', undefined],
    ['other keys', { password: 'SECRET' }],
    ['no JSON', { '.dockerconfigjson': auth('SECRET') }],
    ['a list', { '.dockerconfigjson': auth('["SECRET"]') }],
    ['auth without a colon', { '.dockerconfigjson': auth(JSON.stringify({ auths: { h: { auth: auth('SECRET') } } })) }],
    ['auth of another type', { '.dockerconfigjson': auth('{"auths":{"h":{"auth":["SECRET"]}}}') }],
  ];
  for (const [what, data] of refused) {
    test(`a pull secret with ${what} is refused without a word of it`, () => {
      assert.throws(
        () => parsePullSecret({ data }),
        (error: unknown) => error instanceof InvalidInput && !/SECRET|U0VDUkVU/.test(error.message),
      );
    });
  }
});
