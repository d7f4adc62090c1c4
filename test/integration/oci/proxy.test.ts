import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import { type Double, startDouble } from './double.ts';
import { found, manifestAnswer, requestAt } from './images.ts';
import { selfSigned } from './self-signed.ts';

describe('through a proxy', () => {
  const tls = selfSigned(['registry.test']);
  const lines: string[] = [];
  const proxy = createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' }).end(manifestAnswer.body);
  });
  let registry: Double;
  let url: string;
  before(async () => {
    registry = await startDouble(() => manifestAnswer, tls);
    proxy.on('connect', (request, client) => {
      lines.push(`CONNECT ${request.url}`);
      const server = connect(registry.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(server).pipe(client);
      });
      for (const socket of [client, server]) socket.on('error', () => socket.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = proxy.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  after(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await registry.close();
  });

  /** Nothing resolves here: that is the proxy's business, which itself may be on loopback, as the configuration names it. */
  const resolve = async () => {
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  };
  const connectBy = (noProxy: string[] = []) =>
    createOciRegistry({ ca: tls.cert, plainHttp: ['plain.test'], resolve, proxy: { http: url, https: url, noProxy } });

  test('HTTPS goes through a tunnel, verified end to end', async () => {
    assert.deepEqual(await connectBy().findImage(requestAt('registry.test')), found);
    assert.equal(lines.at(-1), 'CONNECT registry.test:443');
    await assert.rejects(connectBy().findImage(requestAt('other.test')), { code: 'TLS' });
  });

  test('plain HTTP is asked for by its whole address', async () => {
    assert.deepEqual(await connectBy().findImage(requestAt('plain.test')), found);
    assert.equal(lines.at(-1), 'GET http://plain.test/v2/kmm/mod/manifests/v1');
  });

  test('what noProxy lists goes directly', async () => {
    const before = lines.length;
    await assert.rejects(connectBy(['.test']).findImage(requestAt('registry.test')), { code: 'DNS' });
    assert.equal(lines.length, before);
  });

  test('addresses that are refused are refused behind a proxy as well', async () => {
    const before = lines.length;
    for (const host of ['169.254.169.254', 'localhost:5000']) {
      await assert.rejects(connectBy().findImage(requestAt(host)), { code: 'REFUSED_ADDRESS' });
    }
    assert.equal(lines.length, before);
  });
});
