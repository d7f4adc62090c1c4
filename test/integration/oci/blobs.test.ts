import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { afterEach, describe, test } from 'node:test';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import { digestOf } from '../../../shared/oci/digest.ts';
import { basicCredential } from '../../../shared/oci/docker-config.ts';
import { type Double, ociError, type Rule, routes, startDouble } from './double.ts';
import { forDoubles, repositoryAt } from './images.ts';
import { type SelfSigned, selfSigned } from './self-signed.ts';

const content = 'the bytes of a layer';
const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(content), size: content.length };
const alice = basicCredential('alice', 'secret');
const guarded =
  (rule: Rule): Rule =>
  (request, response) =>
    request.headers.authorization
      ? rule(request, response)
      : ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': 'Basic realm="x"' });

describe('blobs', () => {
  const doubles: Double[] = [];
  const start = async (rule: Rule, tls?: SelfSigned) => {
    const double = await startDouble(rule, tls);
    doubles.push(double);
    return double;
  };
  afterEach(() => Promise.all(doubles.splice(0).map((double) => double.close())));

  const read = async (registry: Double, options = forDoubles(registry)) => {
    const stream = await createOciRegistry(options).getBlob(repositoryAt(registry.host, [alice]), descriptor);
    return stream === undefined ? undefined : text(stream);
  };
  const redirectTo = (location: string) => guarded(() => ({ status: 307, headers: { Location: location } }));

  test('a redirect to an object store leaves the credentials behind', async () => {
    const store = await start(({ headers }) =>
      headers.authorization ? { status: 400 } : { status: 200, body: content },
    );
    const registry = await start(redirectTo(`${store.url}/blob?signature=x`));
    assert.equal(await read(registry, forDoubles(registry, store)), content);
    assert.equal(registry.seen.at(-1)?.headers.authorization, `Basic ${btoa('alice:secret')}`);
    assert.deepEqual(
      store.seen.map(({ headers }) => headers.authorization),
      [undefined],
    );
  });

  test('what the object store refuses is an error, never "not there"', async () => {
    const store = await start(() => ({ status: 404 }));
    const registry = await start(redirectTo(`${store.url}/blob`));
    await assert.rejects(read(registry, forDoubles(registry, store)), { code: 'PROTOCOL', detail: '404' });
    store.answer(() => ({ status: 403 }));
    await assert.rejects(read(registry, forDoubles(registry, store)), { code: 'FORBIDDEN', authenticated: false });
  });

  test('a redirect leads neither to loopback, nor in circles', async () => {
    const store = await start(() => ({ status: 200, body: content }));
    const registry = await start(redirectTo(`${store.url}/blob`));
    await assert.rejects(read(registry), { code: 'REFUSED_ADDRESS' });
    assert.equal(store.seen.length, 0);
    registry.answer(redirectTo('/again'));
    await assert.rejects(read(registry), { code: 'PROTOCOL' });
    assert.ok(registry.seen.length < 10);
  });

  test('https never falls to http', async () => {
    const tls = selfSigned();
    const store = await start(() => ({ status: 200, body: content }));
    const registry = await start(redirectTo(`${store.url}/blob`), tls);
    const options = { loopbackRegistries: [registry.host, store.host], ca: tls.cert };
    await assert.rejects(read(registry, options), { code: 'PROTOCOL' });
    registry.answer(() => ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': `Bearer realm="${store.url}/token"` }));
    await assert.rejects(read(registry, options), { code: 'PROTOCOL' });
    assert.equal(store.seen.length, 0);
  });

  const wrong: [what: string, rule: Rule, code: string][] = [
    ['other bytes', () => ({ status: 200, body: content.toUpperCase() }), 'PROTOCOL'],
    ['fewer bytes', () => ({ status: 200, body: content.slice(1) }), 'PROTOCOL'],
    ['more bytes', () => ({ status: 200, body: `${content}!` }), 'PROTOCOL'],
    [
      'a body that breaks off',
      (_, response) => {
        response
          .writeHead(200, { 'Content-Length': content.length })
          .write(content.slice(0, 5), () => response.destroy());
        return undefined;
      },
      'UNAVAILABLE',
    ],
  ];
  for (const [what, rule, code] of wrong) {
    test(`${what}: the stream fails`, async () => {
      await assert.rejects(read(await start(guarded(rule))), { name: 'RegistryError', code });
    });
  }

  describe('uploads', () => {
    const missing = { status: 404 };
    const chunks = async function* () {
      yield Buffer.from('abcd');
      yield Buffer.from('efghij');
    };

    test('bytes that are there already are not sent', async () => {
      const registry = await start(routes({ 'HEAD /v2/kmm/mod/blobs/': { status: 200 } }));
      await createOciRegistry(forDoubles(registry)).putBlob(repositoryAt(registry.host), Buffer.from(content));
      assert.equal(registry.seen.length, 1);
    });

    test('a Location may be relative and hold a query of its own', async () => {
      const registry = await start(
        routes({
          'HEAD ': missing,
          'POST ': { status: 202, headers: { Location: '/upload/1?_state=a%2Bb%3D' } },
          'PUT ': { status: 201 },
        }),
      );
      await createOciRegistry(forDoubles(registry)).putBlob(repositoryAt(registry.host), Buffer.from(content));
      const put = registry.seen.at(-1);
      const query = new URL(put?.url ?? '', registry.url).searchParams;
      assert.deepEqual([query.get('_state'), query.get('digest')], ['a+b=', descriptor.digest]);
      assert.equal(put?.body.toString(), content);
    });

    test('an upload that goes to another host goes without credentials', async () => {
      const store = await start(() => ({ status: 201 }));
      const registry = await start(
        guarded(routes({ 'HEAD ': missing, 'POST ': { status: 202, headers: { Location: `${store.url}/upload` } } })),
      );
      const client = createOciRegistry(forDoubles(registry, store));
      await client.putBlob(repositoryAt(registry.host, [alice]), Buffer.from(content));
      assert.deepEqual(
        store.seen.map(({ headers }) => headers.authorization),
        [undefined],
      );
    });

    test('a stream goes in chunks, each where the last answer says', async () => {
      let step = 0;
      const next = () => ({ status: 202, headers: { Location: `/upload/${++step}` } });
      const registry = await start(routes({ 'POST ': next, 'PATCH ': next, 'PUT ': { status: 201 } }));
      const client = createOciRegistry({ ...forDoubles(registry), chunkBytes: 4 });
      const stored = await client.putBlob(repositoryAt(registry.host), chunks());
      assert.deepEqual([stored.digest, stored.size], [digestOf('abcdefghij'), 10]);
      const patches = registry.seen.filter(({ method }) => method === 'PATCH');
      assert.deepEqual(
        patches.map(({ url, headers, body }) => [url, headers['content-range'], body.toString()]),
        [
          ['/upload/1', '0-3', 'abcd'],
          ['/upload/2', '4-7', 'efgh'],
          ['/upload/3', '8-9', 'ij'],
        ],
      );
    });

    test('a stream that fails, here or there, cancels the upload', async () => {
      const registry = await start(
        routes({ 'POST ': { status: 202, headers: { Location: '/upload/1' } }, 'PATCH ': { status: 500 } }),
      );
      const client = createOciRegistry({ ...forDoubles(registry), chunkBytes: 4 });
      await assert.rejects(client.putBlob(repositoryAt(registry.host), chunks()), { code: 'UNAVAILABLE' });
      assert.deepEqual(registry.lines(), ['POST /v2/kmm/mod/blobs/uploads/', 'PATCH /upload/1', 'DELETE /upload/1']);
      const failing = async function* () {
        yield Buffer.from('ab');
        throw new Error('the source broke');
      };
      await assert.rejects(client.putBlob(repositoryAt(registry.host), failing()), /the source broke/);
      assert.equal(registry.lines().at(-1), 'DELETE /upload/1');
    });

    test('a mount asks for both repositories; declined, its upload is cancelled', async () => {
      const registry = await start(routes({ 'POST ': { status: 202, headers: { Location: '/upload/1' } } }));
      const client = createOciRegistry(forDoubles(registry));
      assert.equal(await client.mountBlob(repositoryAt(registry.host), descriptor.digest, 'other/mod'), false);
      const [post, cancel] = registry.lines();
      assert.match(post ?? '', /\?mount=sha256%3A[0-9a-f]{64}&from=other%2Fmod$/);
      assert.equal(cancel, 'DELETE /upload/1');
      registry.answer(({ url, headers }) => {
        if (url.startsWith('/token')) return { status: 200, body: '{"token":"t"}' };
        const challenge = `Bearer realm="${registry.url}/token",scope="repository:kmm/mod:pull,push"`;
        return headers.authorization
          ? { status: 201 }
          : ociError(401, 'UNAUTHORIZED', { 'WWW-Authenticate': challenge });
      });
      assert.equal(await client.mountBlob(repositoryAt(registry.host), descriptor.digest, 'other/mod'), true);
      const token = registry.seen.find(({ url }) => url.startsWith('/token'));
      const scopes = new URL(token?.url ?? '', registry.url).searchParams.getAll('scope');
      assert.deepEqual(scopes, ['repository:kmm/mod:pull,push', 'repository:other/mod:pull']);
    });
  });
});
