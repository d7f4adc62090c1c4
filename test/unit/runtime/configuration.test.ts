import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { readConfiguration } from '../../../shared/runtime/configuration.ts';
import { type KeySources, readSecret, startSources } from '../../../shared/runtime/secrets.ts';
import { parseSources } from '../../../shared/runtime/source-configuration.ts';

const read = (config: unknown) => readConfiguration({ KMM_CONFIG: JSON.stringify(config) });

describe('the configuration', () => {
  test('needs a cluster name and nothing else', () => {
    const configuration = read({ clusterName: 'c' });
    assert.deepEqual(configuration.grants, []);
    assert.deepEqual(configuration.registries, { loopback: [], plainHttp: [], hostAliases: {} });
    assert.equal(configuration.builder, 'none');
    assert.ok(configuration.ignoredTaints.includes('karpenter.sh/'));
  });

  test('is read from a file when the variable is a path', () => {
    const configuration = readConfiguration({ KMM_CONFIG: '/etc/kmm.json' }, (path) =>
      JSON.stringify({ clusterName: path }),
    );
    assert.equal(configuration.clusterName, '/etc/kmm.json');
  });

  const wrong: [what: string, config: unknown, path: string][] = [
    ['no cluster name', {}, 'clusterName'],
    ['a misspelt field', { clusterName: 'c', namespace: [] }, ''],
    ['a grant without namespaces', { clusterName: 'c', grants: [{}] }, 'grants.0.namespaces'],
    [
      'a registry that is an address',
      { clusterName: 'c', registries: { loopback: ['http://x/'] } },
      'registries.loopback.0',
    ],
    ['a secret that is a value', { clusterName: 'c', clusterHookSecrets: ['not a name!'] }, 'clusterHookSecrets.0'],
    ['a queue of an unknown function', { clusterName: 'c', queues: { other: 'https://x' } }, 'queues'],
  ];
  for (const [what, config, path] of wrong) {
    test(`with ${what} names the place`, () => {
      assert.throws(
        () => read(config),
        (error) => error instanceof InvalidInput && error.path === path,
      );
    });
  }
  test('that is missing says what to set', () => assert.throws(() => readConfiguration({}), /KMM_CONFIG/));
  test('that is no JSON never repeats itself', () => {
    assert.throws(
      () => readConfiguration({ KMM_CONFIG: '{"password": hunter2' }),
      (error) => error instanceof InvalidInput && !error.message.includes('hunter2'),
    );
  });
});

const value = 'a-secret-of-enough-length';
const keySources: KeySources = {
  read: (name) => readSecret(name, { A: value }),
  keySet: (uri) => async () => ({ keys: [{ kty: 'RSA', kid: uri }] }),
};

describe('a configured secret', () => {
  test('is read from a variable or a file', () => {
    assert.equal(readSecret('TOKEN', { TOKEN: `${value}\n` }), value);
    assert.equal(
      readSecret('/run/token', {}, () => value),
      value,
    );
  });
  test('that is missing, empty or short is refused by its name, never by its value', () => {
    for (const environment of [{}, { TOKEN: ' ' }, { TOKEN: 'short' }]) {
      assert.throws(
        () => readSecret('TOKEN', environment),
        (error) => error instanceof InvalidInput && /TOKEN/.test(error.message) && !/: short/.test(error.message),
      );
    }
  });
  test('that is missing keeps its source from starting, and no other', () => {
    const sources = parseSources({
      sources: [
        { source: 'distribution', name: 'a', secrets: ['A'] },
        { source: 'distribution', name: 'b', secrets: ['B'] },
        { source: 'manual', name: 'c' },
      ],
    });
    const { started, refused } = startSources(sources, keySources);
    assert.deepEqual(started, [{ source: 'distribution', name: 'a', secrets: [value], header: 'authorization' }]);
    assert.deepEqual(
      refused.map(({ name }) => name),
      ['b', 'c'],
    );
  });
});

describe('a sender', () => {
  const oidc = { audience: 'https://kmm.example/events/google/g', emails: ['push@acme.iam.gserviceaccount.com'] };
  const start = (source: object) => startSources(parseSources({ sources: [{ name: 'n', ...source }] }), keySources);

  const good: [what: string, source: object][] = [
    ['with a secret', { source: 'harbor', secrets: ['A'] }],
    ['that signs', { source: 'generic', secrets: ['A'] }],
    ['that signs or sends its secret, as it is told', { source: 'jfrog', mode: 'hmac', secrets: ['A'] }],
    ['with an identity', { source: 'google', oidc }],
    ['that does not name its registry, where we do', { source: 'zot', secrets: ['A'], registry: 'zot.example' }],
  ];
  for (const [what, source] of good) test(`${what} starts`, () => assert.equal(start(source).started.length, 1));

  const refused: [what: string, source: object, why: RegExp][] = [
    ['without a secret', { source: 'generic' }, /no secret/],
    ['of Google without an identity', { source: 'google', secrets: ['A'] }, /set `oidc`/],
    ['of Google with an identity and a secret', { source: 'google', oidc, secrets: ['A'] }, /leave out `secrets`/],
    ['of JFrog that does not say how it proves itself', { source: 'jfrog', secrets: ['A'] }, /set `mode`/],
    ['with a mode that means nothing to it', { source: 'gitea', mode: 'hmac', secrets: ['A'] }, /leave out `mode`/],
    ['with an identity that nobody would check', { source: 'quay', oidc, secrets: ['A'] }, /leave out `oidc`/],
    ['that names its registry nowhere', { source: 'zot', secrets: ['A'] }, /set `registry`/],
  ];
  for (const [what, source, why] of refused) {
    test(`${what} does not start and says why`, () => {
      const { started, refused: not } = start(source);
      assert.deepEqual(started, []);
      assert.match(not[0]?.why ?? '', why);
    });
  }

  test('with an identity has its issuer’s keys, Google’s where nothing else is said', async () => {
    const { started } = start({ source: 'google', oidc });
    const identity = started[0]?.oidc;
    assert.ok(identity !== undefined && identity.issuer === 'https://accounts.google.com');
    const { keys } = await identity.keys('k');
    assert.equal(keys[0]?.kid, 'https://www.googleapis.com/oauth2/v3/certs');
  });

  const wrong: [what: string, source: object, path: string][] = [
    ['that nobody knows', { source: 'x' }, 'sources.0.source'],
    ['that never comes by this door', { source: 'schedule' }, 'sources.0.source'],
    ['with an identity of nobody', { source: 'google', oidc: { ...oidc, emails: [] } }, 'sources.0.oidc.emails'],
    ['with an identity for nobody', { source: 'google', oidc: { emails: ['a@b'] } }, 'sources.0.oidc.audience'],
    [
      'with keys that anybody on the way could change',
      { source: 'google', oidc: { ...oidc, jwksUri: 'http://issuer.example/certs' } },
      'sources.0.oidc.jwksUri',
    ],
    [
      'with keys of a host that only looks like this machine',
      { source: 'google', oidc: { ...oidc, jwksUri: 'http://localhost.evil.example/certs' } },
      'sources.0.oidc.jwksUri',
    ],
    ['with a way of its own', { source: 'jfrog', mode: 'none' }, 'sources.0.mode'],
  ];
  for (const [what, source, path] of wrong) {
    test(`${what} names the place`, () => {
      assert.throws(
        () => start(source),
        (error) => error instanceof InvalidInput && error.path === path,
      );
    });
  }
});
