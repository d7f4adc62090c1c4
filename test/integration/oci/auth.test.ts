import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { Credential } from '../../../shared/oci/credentials.ts';
import { basicCredential } from '../../../shared/oci/docker-config.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { type Answer, type Double, ociError, type Rule, type Seen, startDouble } from './double.ts';
import { forDoubles, found, manifestAnswer, manifestDigest, requestAt } from './images.ts';

const alice = basicCredential('alice', 'pa:ss');
const bob = basicCredential('bob', 'other');
const basic = ({ username, password }: typeof alice) => `Basic ${btoa(`${username}:${password}`)}`;
const manifestPath = '/v2/kmm/mod/manifests/v1';

describe('authentication', () => {
  const doubles: Double[] = [];
  const start = async (rule: Rule) => {
    const double = await startDouble(rule);
    doubles.push(double);
    return double;
  };
  afterEach(() => Promise.all(doubles.splice(0).map((double) => double.close())));

  /** A registry with a token service; `tokens` maps what came in Authorization to the token. */
  async function startBearer(tokens: Record<string, string>, overrides: { token?: Rule; expires?: number } = {}) {
    const issued = new Set<string>();
    const service = await start((request, response) => {
      if (overrides.token !== undefined) return overrides.token(request, response);
      const token = tokens[request.headers.authorization ?? 'anonymous'];
      if (token === undefined) return ociError(401, 'UNAUTHORIZED');
      const value = `${token}-${issued.size}`;
      issued.add(value);
      return { status: 200, body: JSON.stringify({ token: value, expires_in: overrides.expires ?? 300 }) };
    });
    const challenge = `Bearer realm="${service.url}/token",service="reg",scope="repository:kmm/mod:pull"`;
    const registry = await start(({ headers: { authorization = '' } }) =>
      issued.has(authorization.replace('Bearer ', ''))
        ? manifestAnswer
        : ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': challenge }),
    );
    return { service, registry, issued };
  }

  test('a bearer token takes three requests cold and one warm; a HEAD of what is known takes one', async () => {
    const { service, registry } = await startBearer({ anonymous: 't' });
    const client = createOciRegistry(forDoubles(service, registry));
    assert.deepEqual(await client.findImage(requestAt(registry.host)), found);
    assert.deepEqual(registry.lines(), [`GET ${manifestPath}`, `GET ${manifestPath}`]);
    assert.deepEqual(service.lines(), ['GET /token?service=reg&scope=repository%3Akmm%2Fmod%3Apull']);
    await client.findImage(requestAt(registry.host));
    assert.equal(registry.seen.length, 3);
    const known = { digest: manifestDigest, tagDigest: manifestDigest };
    assert.deepEqual(await client.findImage({ ...requestAt(registry.host), known }), found);
    assert.deepEqual(registry.lines().slice(3), [`HEAD ${manifestPath}`]);
    assert.equal(service.seen.length, 1);
  });

  test('a token serves only the credential that it was given for', async () => {
    const { service, registry } = await startBearer({ [basic(alice)]: 'a', [basic(bob)]: 'b' });
    const client = createOciRegistry(forDoubles(service, registry));
    await client.findImage(requestAt(registry.host, [alice]));
    await client.findImage(requestAt(registry.host, [bob]));
    await assert.rejects(client.findImage(requestAt(registry.host)), { code: 'UNAUTHORIZED', authenticated: false });
    assert.deepEqual(
      service.seen.map(({ headers }) => headers.authorization),
      [basic(alice), basic(bob), undefined],
    );
  });

  test('an expired token is renewed without waiting to be refused', async () => {
    const { service, registry } = await startBearer({ anonymous: 't' }, { expires: 100 });
    let now = Date.parse('2026-01-01T00:00:00Z');
    const client = createOciRegistry({ ...forDoubles(service, registry), now: () => new Date(now) });
    await client.findImage(requestAt(registry.host));
    now += 89_000;
    await client.findImage(requestAt(registry.host));
    assert.equal(service.seen.length, 1);
    now += 2_000;
    await client.findImage(requestAt(registry.host));
    assert.deepEqual([service.seen.length, registry.seen.length], [2, 4]);
  });

  test('looks at the same time share one token', async () => {
    const { service, registry } = await startBearer({ anonymous: 't' });
    const client = createOciRegistry(forDoubles(service, registry));
    await Promise.all([1, 2, 3, 4].map(() => client.findImage(requestAt(registry.host))));
    assert.equal(service.seen.length, 1);
  });

  test('a cached token that is refused is replaced once, with 401 and with 403', async () => {
    for (const status of [401, 403]) {
      const { service, registry } = await startBearer({ anonymous: 't' });
      const client = createOciRegistry(forDoubles(service, registry));
      await client.findImage(requestAt(registry.host));
      registry.answer(({ headers }) =>
        headers.authorization === 'Bearer t-0' ? ociError(status, 'DENIED') : manifestAnswer,
      );
      assert.deepEqual(await client.findImage(requestAt(registry.host)), found);
      assert.equal(service.seen.length, 2);
    }
  });

  test('a registry that never stops asking is UNAUTHORIZED after two tries; the credential counts as accepted', async () => {
    const { service, registry } = await startBearer({ [basic(alice)]: 'a' });
    registry.answer(() => ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': `Bearer realm="${service.url}/token"` }));
    const client = createOciRegistry(forDoubles(service, registry));
    const looking = client.findImage(requestAt(registry.host, [alice]));
    await assert.rejects(looking, { code: 'UNAUTHORIZED', detail: '401 UNAUTHORIZED', authenticated: true });
    assert.equal(registry.seen.length, 2);
  });

  test('after a wrong password the next credential is tried; a 503 of the token service is no denial', async () => {
    const { service, registry } = await startBearer({ [basic(bob)]: 'b' });
    const client = createOciRegistry(forDoubles(service, registry));
    assert.deepEqual(await client.findImage(requestAt(registry.host, [alice, bob])), found);
    service.answer(() => ({ status: 503 }));
    const third = basicCredential('third', 'x');
    await assert.rejects(client.findImage(requestAt(registry.host, [third, bob])), { code: 'UNAVAILABLE' });
  });

  test('an identity token is exchanged by POST, and stands in no address', async () => {
    const { service, registry, issued } = await startBearer({});
    service.answer(({ body }) => {
      const form = new URLSearchParams(body.toString());
      assert.deepEqual([form.get('grant_type'), form.get('refresh_token')], ['refresh_token', 'identity']);
      issued.add('i');
      return { status: 200, body: '{"access_token":"i"}' };
    });
    const credential: Credential = { kind: 'identity-token', token: 'identity', key: 'k' };
    const client = createOciRegistry(forDoubles(service, registry));
    assert.deepEqual(await client.findImage(requestAt(registry.host, [credential])), found);
    assert.deepEqual(service.lines(), ['POST /token']);
  });

  test('Basic is chosen among challenges that are not ours, and sent at once from then on', async () => {
    const registry = await start(({ headers }) =>
      headers.authorization === basic(alice)
        ? manifestAnswer
        : ociError(401, 'UNAUTHORIZED', {
            'WWW-Authenticate': ['Negotiate YII=, Digest realm="a, b"', 'Basic realm="x"'],
          }),
    );
    const client = createOciRegistry(forDoubles(registry));
    await client.findImage(requestAt(registry.host, [alice]));
    await client.findImage(requestAt(registry.host, [alice]));
    assert.equal(registry.seen.length, 3);
    await assert.rejects(client.findImage(requestAt(registry.host, [bob])), {
      code: 'UNAUTHORIZED',
      authenticated: false,
    });
    await assert.rejects(client.findImage(requestAt(registry.host)), { code: 'UNAUTHORIZED', authenticated: false });
  });

  test('a 403 with Basic means that the credential was accepted', async () => {
    const registry = await start(({ headers }) =>
      headers.authorization
        ? ociError(403, 'DENIED')
        : ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': 'Basic realm="x"' }),
    );
    const looking = createOciRegistry(forDoubles(registry)).findImage(requestAt(registry.host, [alice]));
    await assert.rejects(looking, { code: 'FORBIDDEN', detail: '403 DENIED', authenticated: true });
  });

  test('a "not found" for strangers is not believed before the credential was offered', async () => {
    const registry = await start(({ url, headers }) => {
      if (headers.authorization === basic(alice)) return manifestAnswer;
      return url === '/v2/'
        ? ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': 'Basic realm="x"' })
        : ociError(404, 'NAME_UNKNOWN');
    });
    const client = createOciRegistry(forDoubles(registry));
    assert.deepEqual(await client.findImage(requestAt(registry.host, [alice])), found);
    assert.equal((await client.findImage(requestAt(registry.host))).kind, 'missing');
  });

  test('a token service that answers nonsense is PROTOCOL, and its words stay out of the error', async () => {
    const nonsense: Answer[] = [
      { status: 200, body: '{"token":"line\\nbreak-SECRET"}' },
      { status: 200, body: '{}' },
      { status: 200, body: 'SECRET' },
      { status: 200, body: `{"token":"${'SECRET'.repeat(100_000)}"}` },
      { status: 400, body: 'SECRET' },
    ];
    for (const answer of nonsense) {
      const { service, registry } = await startBearer({}, { token: () => answer });
      const looking = createOciRegistry(forDoubles(service, registry)).findImage(requestAt(registry.host, [alice]));
      await assert.rejects(looking, (error: unknown) => {
        assert.ok(error instanceof RegistryError);
        assert.equal(error.code, 'PROTOCOL');
        assert.doesNotMatch(`${error.message} ${error.detail} ${error.cause}`, /SECRET|pa:ss/);
        return true;
      });
    }
  });

  test('a realm that is not listed may not be on loopback, nor be anything but http(s)', async () => {
    const { service, registry } = await startBearer({ anonymous: 't' });
    const looking = createOciRegistry(forDoubles(registry)).findImage(requestAt(registry.host));
    await assert.rejects(looking, { code: 'REFUSED_ADDRESS' });
    assert.equal(service.seen.length, 0);
    for (const realm of [
      'file:///etc/passwd',
      'http://169.254.169.254/latest',
      'http://[::ffff:169.254.169.254]/',
      'http://2852039166/',
    ]) {
      registry.answer(() => ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': `Bearer realm="${realm}"` }));
      const code = realm.startsWith('file') ? 'PROTOCOL' : 'REFUSED_ADDRESS';
      await assert.rejects(createOciRegistry(forDoubles(registry)).findImage(requestAt(registry.host)), { code });
    }
  });

  describe('with ECR credentials', () => {
    const ecr: Credential = { kind: 'ecr', account: '1', region: 'r', key: 'ecr' };
    const expired = (request: Seen, good: string): Answer => {
      if (request.headers.authorization === good) return manifestAnswer;
      return request.headers.authorization
        ? ociError(403, 'DENIED')
        : ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': 'Basic realm="https://x/",service="ecr.amazonaws.com"' });
    };

    test('they are refused where no tokens are configured, and over plain HTTP', async () => {
      const registry = await start((request) => expired(request, basic(bob)));
      const looking = createOciRegistry(forDoubles(registry)).findImage(requestAt(registry.host, [ecr]));
      await assert.rejects(looking, { code: 'FORBIDDEN' });
      assert.equal(registry.seen.length, 1);
    });
  });
});
