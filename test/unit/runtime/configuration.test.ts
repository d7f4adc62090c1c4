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
