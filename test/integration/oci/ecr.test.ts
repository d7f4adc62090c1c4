import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createEcrRegistry } from '../../../shared/adapters/ecr/create-ecr-registry.ts';
import { createEcrTokens } from '../../../shared/adapters/ecr/create-ecr-tokens.ts';
import type { Credential } from '../../../shared/oci/credentials.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { createFakeEcr, type FakeEcr } from '../../fakes/ecr.ts';

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const granted: Credential & { kind: 'ecr' } = { kind: 'ecr', account: '111122223333', region: 'eu-west-1', key: 'ecr' };
const digest = (hex: string) => `sha256:${hex.repeat(32)}`;
const imageType = 'application/vnd.docker.distribution.manifest.v2+json';
const blob = { mediaType: 'application/octet-stream', digest: digest('ab'), size: 2 };
const image = JSON.stringify({ schemaVersion: 2, mediaType: imageType, config: blob, layers: [blob] });
const index = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    { mediaType: imageType, size: 9, digest: digest('cd'), platform: { os: 'linux', architecture: 'arm64' } },
  ],
});

describe('images of ECR', () => {
  let ecr: FakeEcr;
  let client: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string }; maxAttempts: number };
  before(async () => {
    ecr = await createFakeEcr();
    client = { endpoint: ecr.endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 2 };
  });
  beforeEach(() => void ecr.calls.splice(0));
  after(() => ecr.close());

  const find = (path: string, architecture = 'amd64') =>
    createEcrRegistry({ client }).findImage({
      reference: parseReference(`${host}/${path}`),
      architecture,
      credentials: [granted],
      tls: { insecure: false, insecureSkipTLSVerify: false },
    });

  test('a single image is found by one call, by tag or digest', async () => {
    const stored = ecr.put('kmm/mod', 'v1', image, imageType);
    const found = { kind: 'found', digest: stored, tagDigest: stored, annotations: {} };
    assert.deepEqual(await find('kmm/mod:v1'), found);
    assert.equal(ecr.calls.length, 1);
    assert.equal(ecr.calls[0]?.input['registryId'], '111122223333');
    assert.deepEqual(await find(`kmm/mod:moved@${stored}`), found);
  });

  test('an index gives the manifest of the platform, or names the others', async () => {
    const tagDigest = ecr.put('kmm/multi', 'v1', index, 'application/vnd.oci.image.index.v1+json');
    assert.deepEqual(await find('kmm/multi:v1', 'arm64'), {
      kind: 'found',
      digest: digest('cd'),
      tagDigest,
      annotations: {},
    });
    assert.deepEqual(await find('kmm/multi:v1', 'amd64'), { kind: 'missing', platforms: ['linux/arm64'] });
  });

  test('a missing tag and a missing repository are missing', async () => {
    ecr.put('kmm/mod', 'v1', image, imageType);
    assert.deepEqual(await find('kmm/mod:v2'), { kind: 'missing', platforms: [] });
    assert.deepEqual(await find('kmm/unknown:v1'), { kind: 'missing', platforms: [] });
  });

  const faults: [type: string, status: number, code: string][] = [
    ['AccessDeniedException', 400, 'FORBIDDEN'],
    ['ThrottlingException', 400, 'RATE_LIMITED'],
    ['UnrecognizedClientException', 400, 'UNAUTHORIZED'],
    ['ExpiredTokenException', 400, 'UNAUTHORIZED'],
    ['ServerException', 500, 'UNAVAILABLE'],
    ['InvalidParameterException', 400, 'PROTOCOL'],
  ];
  for (const [type, status, code] of faults) {
    test(`${type} is ${code}, never missing`, async () => {
      ecr.failNext(type, code === 'RATE_LIMITED' || status === 500 ? 2 : 1, status);
      await assert.rejects(find('kmm/mod:v1'), (error: unknown) => {
        assert.ok(error instanceof RegistryError);
        assert.deepEqual([error.code, error.detail, error.authenticated], [code, type, code === 'FORBIDDEN']);
        assert.doesNotMatch(error.message, /secret-name/);
        return true;
      });
    });
  }

  test('a throttled call that passes at the second attempt is found', async () => {
    ecr.put('kmm/mod', 'v1', image, imageType);
    ecr.failNext('ThrottlingException');
    assert.equal((await find('kmm/mod:v1')).kind, 'found');
  });

  test('a closed endpoint is UNAVAILABLE', async () => {
    const registry = createEcrRegistry({ client: { ...client, endpoint: 'http://127.0.0.1:1' } });
    const reference = parseReference(`${host}/kmm/mod:v1`);
    const tls = { insecure: false, insecureSkipTLSVerify: false };
    const looking = registry.findImage({ reference, architecture: 'amd64', credentials: [granted], tls });
    await assert.rejects(looking, { code: 'UNAVAILABLE', detail: 'ECONNREFUSED' });
  });

  test('a manifest that is none is the fault of the registry', async () => {
    ecr.put('kmm/bad', 'v1', '{"schemaVersion":1}', 'application/vnd.docker.distribution.manifest.v1+json');
    await assert.rejects(find('kmm/bad:v1'), { code: 'PROTOCOL' });
  });

  describe('tokens', () => {
    test('are cached, shared by concurrent callers, and renewed shortly before they expire', async () => {
      let now = Date.now();
      const tokens = createEcrTokens({ client, now: () => new Date(now) });
      ecr.setToken('first', 3_600_000);
      const answers = await Promise.all([tokens.get(granted, host), tokens.get(granted, host)]);
      assert.deepEqual(
        answers.map(({ credential }) => credential.password),
        ['first', 'first'],
      );
      assert.equal(ecr.calls.length, 1);
      ecr.setToken('second');
      assert.deepEqual((await tokens.get(granted, host)).cached, true);
      now += 51 * 60_000;
      const renewed = await tokens.get(granted, host);
      assert.deepEqual([renewed.credential.password, renewed.cached], ['second', false]);
    });

    test('are asked for anew once forgotten', async () => {
      const tokens = createEcrTokens({ client });
      await tokens.get(granted, host);
      tokens.forget(granted);
      assert.equal((await tokens.get(granted, host)).cached, false);
    });

    test('go to no host but the registry of their account', async () => {
      const tokens = createEcrTokens({ client });
      const others = [
        'evil.example',
        `${host}.evil.example`,
        host.replace('1111', '2222'),
        host.replace('eu-west-1', 'us-east-1'),
      ];
      for (const other of others) await assert.rejects(tokens.get(granted, other), { code: 'FORBIDDEN' });
      assert.equal(ecr.calls.length, 0);
    });

    test('a denied token is an error, and is not remembered', async () => {
      const tokens = createEcrTokens({ client });
      ecr.failNext('AccessDeniedException');
      await assert.rejects(tokens.get(granted, host), { code: 'FORBIDDEN' });
      assert.equal((await tokens.get(granted, host)).cached, false);
    });
  });
});
