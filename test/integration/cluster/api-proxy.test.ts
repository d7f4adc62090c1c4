import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';

const api = { server: 'https://api.example:6443', attempts: 1, timeoutMs: 2_000 };

test('a tunnel is asked for, and one that the proxy refuses makes the API server unavailable', async (t) => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(`${request.method} ${request.url} ${request.headers['authorization']}`);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  const address = proxy.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const cluster = createKubernetesCluster({ ...api, proxy: url, token: async () => 'secret' });
  await assert.rejects(cluster.list('Node'), { code: 'UNAVAILABLE', message: /api\.example:6443.*407/ });
  assert.deepEqual(asked, ['CONNECT api.example:6443 undefined'], 'the token is for the API server only');
});

test('a proxy of another kind is refused at once', () => {
  assert.throws(() => createKubernetesCluster({ ...api, proxy: 'socks5://127.0.0.1:1080' }), {
    code: 'INVALID',
    message: /must be http or https/,
  });
});
