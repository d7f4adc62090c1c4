import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, test } from 'node:test';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { OciRegistryOptions } from '../../../shared/adapters/oci-registry/options.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import { type Double, ociError, type Rule, startDouble } from './double.ts';
import { forDoubles, found, manifest, manifestAnswer, repositoryAt, requestAt } from './images.ts';
import { type SelfSigned, selfSigned } from './self-signed.ts';

describe('network and answers', () => {
  const doubles: Double[] = [];
  const start = async (rule: Rule, tls?: SelfSigned) => {
    const double = await startDouble(rule, tls);
    doubles.push(double);
    return double;
  };
  afterEach(() => Promise.all(doubles.splice(0).map((double) => double.close())));

  const find = (host: string, options: OciRegistryOptions, tls = { insecure: false, insecureSkipTLSVerify: false }) =>
    createOciRegistry(options).findImage({ ...requestAt(host), tls });

  test('a closed port is UNAVAILABLE', async () => {
    const double = await startDouble(() => manifestAnswer);
    await double.close();
    await assert.rejects(find(double.host, forDoubles(double)), { code: 'UNAVAILABLE', detail: 'ECONNREFUSED' });
  });

  test('a name that does not resolve is DNS', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    };
    await assert.rejects(find('registry.test', { resolve }), { code: 'DNS', detail: 'ENOTFOUND' });
  });

  test('an unknown CA is TLS, and the configured CA or insecureSkipTLSVerify helps', async () => {
    const tls = selfSigned();
    const double = await start(() => manifestAnswer, tls);
    const options = { loopbackRegistries: [double.host] };
    await assert.rejects(find(double.host, options), { code: 'TLS', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await assert.rejects(find(double.host, options, { insecure: true, insecureSkipTLSVerify: false }), { code: 'TLS' });
    assert.deepEqual(await find(double.host, { ...options, ca: tls.cert }), found);
    assert.deepEqual(await find(double.host, options, { insecure: false, insecureSkipTLSVerify: true }), found);
    await assert.rejects(find(double.host, { ...options, ca: selfSigned().cert }), { code: 'TLS' });
  });

  test('a request that skips verification lends its connection to no other', async () => {
    const double = await start(() => manifestAnswer, selfSigned());
    const registry = createOciRegistry({ loopbackRegistries: [double.host] });
    const skip = { insecure: false, insecureSkipTLSVerify: true };
    assert.deepEqual(await registry.findImage({ ...requestAt(double.host), tls: skip }), found);
    await assert.rejects(registry.findImage(requestAt(double.host)), { code: 'TLS' });
  });

  test('plain HTTP is spoken only where it is allowed; then HTTPS was tried first, once', async () => {
    const double = await start(() => manifestAnswer);
    const options = { loopbackRegistries: [double.host] };
    await assert.rejects(find(double.host, options), { code: 'TLS' });
    assert.equal(double.seen.length, 0);
    const insecure = { insecure: true, insecureSkipTLSVerify: false };
    assert.deepEqual(await find(double.host, options, insecure), found);
    assert.deepEqual(await find(double.host, { ...options, plainHttp: [double.host] }), found);
  });

  test('insecure does not stop HTTPS from being used where it is spoken', async () => {
    const tls = selfSigned();
    const double = await start(() => manifestAnswer, tls);
    const options = { loopbackRegistries: [double.host], ca: tls.cert };
    assert.deepEqual(await find(double.host, options, { insecure: true, insecureSkipTLSVerify: false }), found);
  });

  describe('addresses', () => {
    const refused = [
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '169.254.169.254',
      '224.0.0.1',
      '::1',
      '::',
      'fe80::1',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:169.254.169.254',
      'fd00:ec2::254',
    ];
    for (const address of refused) {
      test(`a name that resolves to ${address} is not connected to`, async () => {
        const resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }];
        await assert.rejects(find('registry.test:5000', { resolve, plainHttp: ['registry.test:5000'] }), {
          code: 'REFUSED_ADDRESS',
        });
      });
    }

    for (const host of [
      '127.0.0.1:5000',
      'localhost:5000',
      '[::1]:5000',
      '[::ffff:127.0.0.1]:5000',
      '2130706433:5000',
      '0x7f.1:5000',
      '169.254.169.254',
    ]) {
      test(`the host ${host} itself is refused`, async () => {
        await assert.rejects(find(host, { plainHttp: [host] }), { code: 'REFUSED_ADDRESS' });
      });
    }

    test('listing a registry opens loopback to it, and nothing else', async () => {
      const [listed, other] = [await start(() => manifestAnswer), await start(() => manifestAnswer)];
      const options = { loopbackRegistries: [listed.host], plainHttp: [listed.host, other.host] };
      assert.deepEqual(await find(listed.host, options), found);
      await assert.rejects(find(other.host, options), { code: 'REFUSED_ADDRESS' });
      const resolve = async () => [{ address: '169.254.169.254', family: 4 }];
      const name = 'registry.test:5000';
      await assert.rejects(find(name, { resolve, loopbackRegistries: [name] }), { code: 'REFUSED_ADDRESS' });
    });

    test('a name that answers another address the second time does not get past', async () => {
      const double = await start((_, response) => void response.destroy());
      const name = `registry.test:${double.port}`;
      const answers = ['127.0.0.1', '169.254.169.254'];
      const resolve = async () => [{ address: answers.shift() ?? '', family: 4 }];
      const options = { ...forDoubles({ host: name }), resolve };
      await assert.rejects(find(name, options), { code: 'REFUSED_ADDRESS' });
      assert.equal(double.seen.length, 1);
    });
  });

  describe('patience', () => {
    test('a registry that never answers, or whose body stalls, is TIMEOUT', async () => {
      const stalls: Rule[] = [
        () => undefined,
        (_, response) => void response.writeHead(200, { 'Content-Length': 100 }).write('x'),
      ];
      for (const rule of stalls) {
        const double = await start(rule);
        const timeouts = { connect: 1000, answer: 60, idle: 60 };
        await assert.rejects(find(double.host, { ...forDoubles(double), timeouts }), {
          code: 'TIMEOUT',
          detail: 'ETIMEDOUT',
        });
      }
    });

    test('a TLS handshake that hangs is TIMEOUT', async () => {
      const server = createTcpServer(() => undefined).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
      const options = { loopbackRegistries: [host], timeouts: { connect: 60 } };
      await assert.rejects(find(host, options), { code: 'TIMEOUT' });
      server.close();
    });

    test('lost connections and 503 are tried again, three times in all', async () => {
      const faults: Rule[] = [(_, response) => void response.destroy(), () => ({ status: 503 })];
      const double = await start((request, response) => (faults.shift() ?? (() => manifestAnswer))(request, response));
      assert.deepEqual(await find(double.host, forDoubles(double)), found);
      double.answer(() => ociError(503, 'UNAVAILABLE'));
      double.seen.length = 0;
      await assert.rejects(find(double.host, forDoubles(double)), { code: 'UNAVAILABLE', detail: '503 UNAVAILABLE' });
      assert.equal(double.seen.length, 3);
    });

    test('a kept connection that was closed meanwhile costs nothing, not even a POST', async () => {
      const double = await start(() => manifestAnswer);
      const client = createOciRegistry({ ...forDoubles(double), retry: { attempts: 1 } });
      await client.findImage(requestAt(double.host));
      let dropped = 0;
      double.answer((request, response) => {
        if (request.method === 'POST' && dropped === 0) {
          dropped += 1;
          response.socket?.destroy();
          return undefined;
        }
        return { status: 201 };
      });
      assert.equal(await client.mountBlob(repositoryAt(double.host), found.digest, 'other/mod'), true);
      assert.deepEqual([dropped, double.seen.length], [1, 3]);
    });

    test('a short Retry-After is slept out, a long one is reported', async () => {
      const slept: number[] = [];
      const sleep = async (milliseconds: number) => void slept.push(milliseconds);
      const waits = ['1', '1'];
      const double = await start(() => {
        const wait = waits.shift();
        return wait === undefined ? manifestAnswer : ociError(429, 'TOOMANYREQUESTS', { 'Retry-After': wait });
      });
      assert.deepEqual(await find(double.host, { ...forDoubles(double), sleep }), found);
      assert.deepEqual(slept, [1000, 1000]);
      waits.push('600');
      double.seen.length = 0;
      const looking = find(double.host, { ...forDoubles(double), sleep });
      await assert.rejects(looking, { code: 'RATE_LIMITED', detail: '429 TOOMANYREQUESTS', retryAfterSeconds: 600 });
      assert.equal(double.seen.length, 1);
    });
  });

  describe('what is not an answer', () => {
    test('a 404 that no registry gave is not "missing"', async () => {
      const double = await start(() => ({ status: 404, body: 'default backend - 404' }));
      await assert.rejects(find(double.host, forDoubles(double)), { code: 'PROTOCOL', detail: '404' });
      double.answer(({ url }) => (url === '/v2/' ? { status: 200, body: '{}' } : { status: 404, body: 'not here' }));
      assert.deepEqual(await find(double.host, forDoubles(double)), { kind: 'missing', platforms: [] });
    });

    const garbage: [what: string, headers: Record<string, string>, body: string][] = [
      ['no JSON', {}, '<html>'],
      ['another digest than the header says', { 'Docker-Content-Digest': `sha256:${'0'.repeat(64)}` }, manifest],
      ['schema 1', {}, '{"schemaVersion":1}'],
      ['a digest that is none', {}, '{"schemaVersion":2,"manifests":[{"mediaType":"a","size":1,"digest":"sha256:x"}]}'],
      ['more than 4 MiB', {}, ' '.repeat(4 * 1024 * 1024 + 1)],
    ];
    for (const [what, headers, body] of garbage) {
      test(`a manifest with ${what} is PROTOCOL`, async () => {
        const double = await start(() => ({ status: 200, headers, body }));
        await assert.rejects(find(double.host, forDoubles(double)), (error: unknown) => {
          return error instanceof RegistryError && error.code === 'PROTOCOL' && !error.message.includes('<html>');
        });
      });
    }

    test('HEAD may be refused, or lack the digest: a GET decides', async () => {
      const known = { digest: `sha256:${'1'.repeat(64)}`, tagDigest: `sha256:${'1'.repeat(64)}` } as const;
      for (const head of [{ status: 405 }, { status: 200 }, { status: 404 }]) {
        const double = await start(({ method }) => (method === 'HEAD' ? head : manifestAnswer));
        const registry = createOciRegistry(forDoubles(double));
        assert.deepEqual(await registry.findImage({ ...requestAt(double.host), known }), found);
      }
    });

    test('tags are collected over the pages, as long as they are tags', async () => {
      const pages: Record<string, [link: string | undefined, tags: unknown[]]> = {
        '/v2/kmm/mod/tags/list?n=1000': ['</v2/kmm/mod/tags/list?n=1000&last=b>; rel="next"', ['a', 'b']],
        '/v2/kmm/mod/tags/list?n=1000&last=b': [undefined, ['b', 'c', '../../etc', '']],
      };
      const double = await start(({ url }) => {
        const [link, tags] = pages[url] ?? [];
        return { status: 200, headers: link === undefined ? {} : { Link: link }, body: JSON.stringify({ tags }) };
      });
      assert.deepEqual(await createOciRegistry(forDoubles(double)).listTags(repositoryAt(double.host)), [
        'a',
        'b',
        'c',
      ]);
    });

    test('a list that never ends is given up', async () => {
      const double = await start(() => ({
        status: 200,
        headers: { Link: '</v2/kmm/mod/tags/list>; rel="next"' },
        body: '{"tags":null}',
      }));
      await assert.rejects(createOciRegistry(forDoubles(double)).listTags(repositoryAt(double.host)), {
        code: 'PROTOCOL',
      });
    });
  });
});
