import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { digestOf } from '../../../shared/oci/digest.ts';
import { refusal, startRegistry } from './start-registry.ts';

const content = 'a blob of some length';
const digest = digestOf(content);
const absent = digestOf('something else');

async function openUpload(url: string, repository = 'ns/kmod'): Promise<URL> {
  const opened = await fetch(`${url}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  assert.equal(opened.status, 202);
  assert.equal(opened.headers.get('Range'), '0-0');
  return new URL(opened.headers.get('Location') ?? '', url);
}

function withDigest(location: URL, wanted: string = digest): URL {
  const url = new URL(location);
  url.searchParams.set('digest', wanted);
  return url;
}

async function pushBlob(url: string, body: string, repository = 'ns/kmod'): Promise<void> {
  const wanted = digestOf(body);
  const { status } = await fetch(`${url}/v2/${repository}/blobs/uploads/?digest=${wanted}`, { method: 'POST', body });
  assert.equal(status, 201);
}

test('a blob pushed in one POST comes back byte for byte', async (t) => {
  const { url } = await startRegistry(t);
  await pushBlob(url, content);
  const answer = await fetch(`${url}/v2/ns/kmod/blobs/${digest}`);
  assert.equal(answer.headers.get('Docker-Content-Digest'), digest);
  assert.equal(await answer.text(), content);
});

test('a blob pushed by POST and PUT shows in a HEAD', async (t) => {
  const { url } = await startRegistry(t);
  const stored = await fetch(withDigest(await openUpload(url)), { method: 'PUT', body: content });
  assert.equal(stored.status, 201);
  assert.equal(stored.headers.get('Location'), `/v2/ns/kmod/blobs/${digest}`);
  const head = await fetch(`${url}/v2/ns/kmod/blobs/${digest}`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get('Content-Length'), String(content.length));
});

test('chunks follow each other and the status tells where the next one starts', async (t) => {
  const { url } = await startRegistry(t);
  const upload = await openUpload(url);
  const first = await fetch(upload, {
    method: 'PATCH',
    body: content.slice(0, 5),
    headers: { 'Content-Range': '0-4' },
  });
  assert.equal(first.status, 202);
  const status = await fetch(upload);
  assert.equal(status.status, 204);
  assert.equal(status.headers.get('Range'), '0-4');

  const again = await fetch(upload, {
    method: 'PATCH',
    body: content.slice(0, 5),
    headers: { 'Content-Range': '0-4' },
  });
  assert.equal(again.headers.get('Range'), '0-4');
  assert.equal(await refusal(again), '416 RANGE_INVALID');

  const rest = { method: 'PUT', body: content.slice(5), headers: { 'Content-Range': `5-${content.length - 1}` } };
  assert.equal((await fetch(withDigest(upload), rest)).status, 201);
  assert.equal(await (await fetch(`${url}/v2/ns/kmod/blobs/${digest}`)).text(), content);
});

test('an empty blob is a blob', async (t) => {
  const { url } = await startRegistry(t);
  await pushBlob(url, '');
  const answer = await fetch(`${url}/v2/ns/kmod/blobs/${digestOf('')}`);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), '');
});

test('a range of a blob', async (t) => {
  const { url } = await startRegistry(t);
  await pushBlob(url, content);
  const part = await fetch(`${url}/v2/ns/kmod/blobs/${digest}`, { headers: { Range: 'bytes=2-5' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('Content-Range'), `bytes 2-5/${content.length}`);
  assert.equal(await part.text(), 'blob');
  const behind = await fetch(`${url}/v2/ns/kmod/blobs/${digest}`, { headers: { Range: 'bytes=1000-' } });
  assert.equal(await refusal(behind), '416 RANGE_INVALID');
});

test('content of another digest is refused and its upload is gone', async (t) => {
  const { url } = await startRegistry(t);
  const upload = await openUpload(url);
  assert.equal(
    await refusal(await fetch(withDigest(upload, absent), { method: 'PUT', body: content })),
    '400 DIGEST_INVALID',
  );
  assert.equal(await refusal(await fetch(upload)), '404 BLOB_UPLOAD_UNKNOWN');
  assert.equal((await fetch(`${url}/v2/ns/kmod/blobs/${absent}`, { method: 'HEAD' })).status, 404);
});

test('a cancelled upload is gone, and one of another repository was never there', async (t) => {
  const { url } = await startRegistry(t);
  const upload = await openUpload(url);
  const elsewhere = new URL(String(upload).replace('ns/kmod', 'ns/other'));
  assert.equal(await refusal(await fetch(elsewhere, { method: 'PATCH', body: 'x' })), '404 BLOB_UPLOAD_UNKNOWN');
  assert.equal((await fetch(upload, { method: 'DELETE' })).status, 204);
  assert.equal(await refusal(await fetch(upload, { method: 'PATCH', body: 'x' })), '404 BLOB_UPLOAD_UNKNOWN');
});

test('a blob is mounted from a repository that has it, and uploaded otherwise', async (t) => {
  const { url } = await startRegistry(t);
  await pushBlob(url, content, 'ns/from');
  const mount = (repository: string, from: string): Promise<Response> =>
    fetch(`${url}/v2/${repository}/blobs/uploads/?mount=${digest}&from=${from}`, { method: 'POST' });
  assert.equal((await mount('ns/to', 'ns/nothing')).status, 202);
  assert.equal((await fetch(`${url}/v2/ns/to/blobs/${digest}`)).status, 404);
  assert.equal((await mount('ns/to', 'ns/from')).status, 201);
  assert.equal(await (await fetch(`${url}/v2/ns/to/blobs/${digest}`)).text(), content);
});

test('a deleted blob is gone from its repository only', async (t) => {
  const { url } = await startRegistry(t);
  await pushBlob(url, content, 'ns/one');
  await pushBlob(url, content, 'ns/two');
  assert.equal((await fetch(`${url}/v2/ns/one/blobs/${digest}`, { method: 'DELETE' })).status, 202);
  assert.equal(await refusal(await fetch(`${url}/v2/ns/one/blobs/${digest}`)), '404 BLOB_UNKNOWN');
  assert.equal(
    await refusal(await fetch(`${url}/v2/ns/one/blobs/${digest}`, { method: 'DELETE' })),
    '404 BLOB_UNKNOWN',
  );
  assert.equal((await fetch(`${url}/v2/ns/two/blobs/${digest}`)).status, 200);
});

test('a blob over the bound is refused, whether it says its length or not', async (t) => {
  const { url } = await startRegistry(t, { maxBlobBytes: 1000 });
  const upload = await openUpload(url);
  assert.equal(await refusal(await fetch(upload, { method: 'PATCH', body: 'x'.repeat(1001) })), '413 SIZE_INVALID');
  const endless = ReadableStream.from(Array.from({ length: 5 }, () => Buffer.alloc(300)));
  const streamed = await fetch(await openUpload(url), {
    method: 'PATCH',
    body: endless,
    duplex: 'half',
  });
  assert.equal(await refusal(streamed), '413 SIZE_INVALID');
});

test('an upload that broke off goes on where it ended', async (t) => {
  const { url } = await startRegistry(t);
  const upload = await openUpload(url);
  const { promise: cut, resolve } = Promise.withResolvers<void>();
  const broken = request(upload, { method: 'PATCH', headers: { 'Content-Length': String(content.length) } });
  broken.on('error', () => resolve());
  broken.write(content.slice(0, 5));
  await received(upload, '0-4');
  broken.destroy();
  broken.on('close', () => resolve());
  await cut;
  const rest = { method: 'PUT', body: content.slice(5) };
  await retryWhileBusy(() => fetch(withDigest(upload), rest));
  assert.equal(await (await fetch(`${url}/v2/ns/kmod/blobs/${digest}`)).text(), content);
});

test('while one request writes to an upload another is refused', async (t) => {
  const { url } = await startRegistry(t);
  const upload = await openUpload(url);
  const writing = request(upload, { method: 'PATCH', headers: { 'Content-Length': '100' } });
  writing.on('error', () => undefined);
  writing.write('some');
  await received(upload, '0-3');
  assert.equal(await refusal(await fetch(upload, { method: 'PATCH', body: 'x' })), '400 BLOB_UPLOAD_INVALID');
  writing.destroy();
});

/** Asks until the registry has taken in what another request is sending. */
async function received(upload: URL, range: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if ((await fetch(upload)).headers.get('Range') === range) return;
  }
  assert.fail(`the upload never reached ${range}`);
}

/** The server learns of a broken connection a moment after the client. */
async function retryWhileBusy(put: () => Promise<Response>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const answer = await put();
    if (answer.status === 201) return;
    assert.equal(await refusal(answer), '400 BLOB_UPLOAD_INVALID');
  }
  assert.fail('the upload stayed busy');
}
