import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { refusal, startRegistry } from './start-registry.ts';

test('a broken registry refuses in the way that was asked for, until it is mended', async (t) => {
  const { url, setFault } = await startRegistry(t);
  const ask = (): Promise<Response> => fetch(`${url}/v2/ns/kmod/manifests/1`);
  setFault('unavailable');
  assert.equal(await refusal(await ask()), '503 UNAVAILABLE');
  setFault('unauthorized');
  assert.equal(await refusal(await ask()), '401 UNAUTHORIZED');
  setFault('rate-limited');
  const limited = await ask();
  assert.equal(limited.headers.get('Retry-After'), '1');
  assert.equal(await refusal(limited), '429 TOOMANYREQUESTS');
  setFault(undefined);
  assert.equal(await refusal(await ask()), '404 MANIFEST_UNKNOWN');
});

test('a slow registry answers when it is mended', async (t) => {
  const { url, setFault, requests } = await startRegistry(t);
  setFault('slow');
  const impatient = fetch(`${url}/v2/`, { signal: AbortSignal.timeout(50) });
  await assert.rejects(impatient, { name: 'TimeoutError' });
  const patient = fetch(`${url}/v2/`);
  while (requests.count() < 2) await new Promise(setImmediate);
  setFault(undefined);
  assert.equal((await patient).status, 200);
});

test('a slow registry can be closed', async () => {
  const { url, setFault, requests, close } = await createLocalRegistry();
  setFault('slow');
  const answer = assert.rejects(fetch(`${url}/v2/`));
  while (requests.count() < 1) await new Promise(setImmediate);
  await close();
  await answer;
});

test('with a password only those who know it come in', async (t) => {
  const { url } = await startRegistry(t, { basicAuth: { username: 'user', password: 'pass:word' } });
  const ask = (credentials?: string): Promise<Response> => {
    const headers = credentials === undefined ? {} : { Authorization: `Basic ${btoa(credentials)}` };
    return fetch(`${url}/v2/`, { headers });
  };
  const anonymous = await ask();
  assert.match(anonymous.headers.get('WWW-Authenticate') ?? '', /^Basic realm=/);
  assert.equal(await refusal(anonymous), '401 UNAUTHORIZED');
  assert.equal(await refusal(await ask('user:pass')), '401 UNAUTHORIZED');
  assert.equal((await ask('user:pass:word')).status, 200);
});

test('requests are counted by method and kind, refused ones too', async (t) => {
  const { url, setFault, requests } = await startRegistry(t);
  await fetch(`${url}/v2/ns/kmod/manifests/1`);
  await fetch(`${url}/v2/ns/kmod/manifests/1`, { method: 'HEAD' });
  setFault('unavailable');
  await fetch(`${url}/v2/ns/kmod/tags/list`);
  await fetch(`${url}/nowhere`);
  assert.equal(requests.count(), 4);
  assert.equal(requests.count({ kind: 'manifests' }), 2);
  assert.equal(requests.count({ method: 'HEAD', kind: 'manifests' }), 1);
  assert.equal(requests.count({ kind: 'other' }), 1);
  requests.clear();
  assert.equal(requests.count(), 0);
});

const strange: [path: string, method: string, refused: RegExp][] = [
  ['/v2/../../etc/passwd', 'GET', /404.*NOT_FOUND/],
  ['/v2/a/%2e%2e/b/manifests/1', 'GET', /404.*MANIFEST_UNKNOWN/],
  ['/v2/..%2f..%2fetc/manifests/1', 'GET', /400.*NAME_INVALID/],
  ['/v2/UPPER/manifests/1', 'GET', /400.*NAME_INVALID/],
  ['/v2/a/manifests/..%2f..%2fx', 'PUT', /404.*NOT_FOUND/],
  ['/v2/a/manifests/.hidden', 'PUT', /400.*TAG_INVALID/],
  ['/v2/a/blobs/sha256:..', 'GET', /400.*DIGEST_INVALID/],
  ['/v2/a/blobs/uploads/..', 'DELETE', /404.*NOT_FOUND/],
  ['/v2/%E0%A4%A/manifests/1', 'GET', /404.*NOT_FOUND/],
  ['//evil/v2/', 'GET', /404.*NOT_FOUND/],
  ['/v2/a/manifests/1', 'POST', /405.*UNSUPPORTED/],
  ['/', 'GET', /404.*NOT_FOUND/],
];
for (const [path, method, refused] of strange) {
  test(`${method} ${path} is refused`, async (t) => {
    const { url } = await startRegistry(t);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const port = Number(new URL(url).port);
    const asked = request({ host: '127.0.0.1', port, path, method }, (answer) => {
      text(answer).then((body) => resolve(`${answer.statusCode} ${body}`), reject);
    });
    asked.on('error', reject).end();
    assert.match(await promise, refused);
  });
}
