import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { post } from '../../../shared/adapters/sqs/post.ts';

const request = { headers: { 'x-amz-target': 'A.B' }, body: '{"a":"é"}', timeoutMilliseconds: 2000 };

test('a POST brings headers and body over one kept connection, and the answer back', async (t) => {
  const ports = new Set<number | undefined>();
  const url = await serve(t, (incoming, response) => {
    ports.add(incoming.socket.remotePort);
    incoming.pipe(response.writeHead(incoming.headers['x-amz-target'] === 'A.B' ? 201 : 500));
  });
  for (let turn = 0; turn < 3; turn += 1)
    assert.deepEqual(await post({ ...request, url }), { status: 201, text: '{"a":"é"}' });
  assert.equal(ports.size, 1);
});

test('an answer that does not come in time is an error, before its head and within its body', async (t) => {
  const silent = await serve(t, () => undefined);
  const dripping = await serve(t, (_, response) => void response.writeHead(200).write('{'));
  for (const url of [silent, dripping])
    await assert.rejects(post({ ...request, url, timeoutMilliseconds: 50 }), /abort|timeout/i);
});

test('an answer without end is given up', async (t) => {
  const url = await serve(t, (_, response) => {
    const more = () => {
      while (response.write('x'.repeat(10_000)));
    };
    response.on('drain', more);
    more();
  });
  await assert.rejects(post({ ...request, url }), /longer than/);
});

test('a redirect is not followed, a closed port is an error', async (t) => {
  const url = await serve(t, (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end());
  assert.equal((await post({ ...request, url })).status, 307);
  await assert.rejects(post({ ...request, url: new URL('http://127.0.0.1:1/') }));
});

async function serve(t: TestContext, listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`);
}
