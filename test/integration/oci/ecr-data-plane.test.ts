import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEcrTokens } from '../../../shared/adapters/ecr/create-ecr-tokens.ts';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { Credential } from '../../../shared/oci/credentials.ts';
import { createFakeEcr, type FakeEcr } from '../../fakes/ecr.ts';
import { type Double, ociError, startDouble } from './double.ts';
import { found, manifestAnswer, requestAt } from './images.ts';
import { selfSigned } from './self-signed.ts';

const name = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const credential: Credential = { kind: 'ecr', account: '111122223333', region: 'eu-west-1', key: 'ecr' };

describe("ECR's distribution API with tokens of the role", () => {
  const tls = selfSigned([name]);
  let ecr: FakeEcr;
  let registry: Double;
  before(async () => {
    ecr = await createFakeEcr();
    registry = await startDouble(({ headers: { authorization } }) => {
      if (authorization === `Basic ${btoa('AWS:second')}`) return manifestAnswer;
      const challenge = { 'WWW-Authenticate': 'Basic realm="https://ecr.example/",service="ecr.amazonaws.com"' };
      return authorization === undefined ? ociError(401, 'UNAUTHORIZED', challenge) : ociError(403, 'DENIED');
    }, tls);
  });
  after(() => Promise.all([ecr.close(), registry.close()]));

  const connect = () =>
    createOciRegistry({
      ca: tls.cert,
      ecrTokens: createEcrTokens({
        client: { endpoint: ecr.endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
      }),
      loopbackRegistries: [`${name}:${registry.port}`],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });

  test('a token that expired inside the cache (403 DENIED) is replaced, once', async () => {
    const client = connect();
    const request = requestAt(`${name}:${registry.port}`, [credential]);
    ecr.setToken('first');
    await assert.rejects(client.findImage(request), { code: 'FORBIDDEN', detail: '403 DENIED', authenticated: true });
    assert.equal(registry.seen.length, 2, 'a token that is new and refused is refused');
    ecr.setToken('second');
    assert.deepEqual(await client.findImage(request), found);
    assert.equal(ecr.calls.length, 2);
    assert.equal(registry.seen.length, 4);
  });

  test('the token goes to no other host', async () => {
    const client = createOciRegistry({
      ca: tls.cert,
      ecrTokens: createEcrTokens({
        client: { endpoint: ecr.endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
      }),
      loopbackRegistries: [registry.host],
    });
    await assert.rejects(client.findImage(requestAt(registry.host, [credential])), { code: 'FORBIDDEN' });
    assert.ok(
      registry.seen.every(({ headers }) => headers.host !== registry.host || headers.authorization === undefined),
    );
  });
});
