import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage, buildTinyIndex } from '../../../infra/local/registry/tiny-image.ts';
import { digestOf } from '../../../shared/oci/digest.ts';
import { refusal, startRegistry } from './start-registry.ts';

const image = buildTinyImage({ files: { 'opt/kmod.ko': 'x' } });
const arm = buildTinyImage({ files: { 'opt/kmod.ko': 'x' }, architecture: 'arm64' });
const { digest, mediaType } = image.manifest.descriptor;
const indexType = 'application/vnd.oci.image.index.v1+json';

function put(url: string, body: string | Uint8Array, type?: string): Promise<Response> {
  return fetch(url, {
    method: 'PUT',
    body: Buffer.from(body),
    headers: type === undefined ? {} : { 'Content-Type': type },
  });
}

test('an image is found by tag and by digest with its own bytes and media type', async (t) => {
  const { url } = await startRegistry(t);
  assert.equal(await pushTinyImage(url, 'ns/kmod', '1', image), digest);
  for (const reference of ['1', digest]) {
    const answer = await fetch(`${url}/v2/ns/kmod/manifests/${reference}`);
    assert.equal(answer.headers.get('Content-Type'), mediaType);
    assert.equal(answer.headers.get('Docker-Content-Digest'), digest);
    assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), new Uint8Array(image.manifest.bytes));
    const head = await fetch(`${url}/v2/ns/kmod/manifests/${reference}`, { method: 'HEAD' });
    assert.equal(head.headers.get('Content-Length'), String(image.manifest.bytes.length));
  }
});

test('images of two platforms are found below their index', async (t) => {
  const { url } = await startRegistry(t);
  const index = await pushTinyImage(url, 'ns/kmod', 'all', [image, arm]);
  const answer = await fetch(`${url}/v2/ns/kmod/manifests/all`);
  assert.equal(answer.headers.get('Content-Type'), indexType);
  assert.equal(digestOf(new Uint8Array(await answer.arrayBuffer())), index);
  assert.equal((await fetch(`${url}/v2/ns/kmod/manifests/${arm.manifest.descriptor.digest}`)).status, 200);
});

test('a tag moves with the next push, the old manifest stays', async (t) => {
  const { url } = await startRegistry(t);
  await pushTinyImage(url, 'ns/kmod', '1', image);
  await pushTinyImage(url, 'ns/kmod', '1', arm);
  const now = await fetch(`${url}/v2/ns/kmod/manifests/1`, { method: 'HEAD' });
  assert.equal(now.headers.get('Docker-Content-Digest'), arm.manifest.descriptor.digest);
  assert.equal((await fetch(`${url}/v2/ns/kmod/manifests/${digest}`, { method: 'HEAD' })).status, 200);
});

test('a manifest waits for what it names', async (t) => {
  const { url } = await startRegistry(t);
  await pushTinyImage(url, 'ns/else', '1', image);
  const early = await put(`${url}/v2/ns/kmod/manifests/1`, image.manifest.bytes, mediaType);
  assert.equal(await refusal(early), '400 MANIFEST_BLOB_UNKNOWN');
  const index = buildTinyIndex([image]);
  assert.equal(
    await refusal(await put(`${url}/v2/ns/kmod/manifests/1`, index.bytes, indexType)),
    '400 MANIFEST_BLOB_UNKNOWN',
  );
});

const garbage: [what: string, body: string, type: string | undefined, refused: string][] = [
  ['no JSON', 'not json', mediaType, '400 MANIFEST_INVALID'],
  ['JSON that is no manifest', '[]', mediaType, '400 MANIFEST_INVALID'],
  ['a manifest of schema 1', '{"schemaVersion":1}', mediaType, '400 MANIFEST_INVALID'],
  ['no media type at all', '{"schemaVersion":2}', undefined, '400 MANIFEST_INVALID'],
  ['two media types', '{"schemaVersion":2,"mediaType":"a/b"}', mediaType, '400 MANIFEST_INVALID'],
  [
    'a digest that leads elsewhere',
    '{"schemaVersion":2,"layers":[{"mediaType":"a","size":1,"digest":"sha256:../../x"}]}',
    mediaType,
    '400 MANIFEST_INVALID',
  ],
  ['more than 4 MiB', ' '.repeat(4 * 1024 * 1024 + 1), mediaType, '413 SIZE_INVALID'],
];
for (const [what, body, type, refused] of garbage) {
  test(`${what} is refused as a manifest`, async (t) => {
    const { url } = await startRegistry(t);
    assert.equal(await refusal(await put(`${url}/v2/ns/kmod/manifests/1`, body, type)), refused);
  });
}

test('a manifest without mediaType has the type it was pushed as', async (t) => {
  const { url } = await startRegistry(t);
  assert.equal(
    (await put(`${url}/v2/ns/kmod/manifests/1`, '{"schemaVersion":2,"manifests":[]}', indexType)).status,
    201,
  );
  assert.equal((await fetch(`${url}/v2/ns/kmod/manifests/1`)).headers.get('Content-Type'), indexType);
});

test('a manifest pushed by a digest that is not its own is refused', async (t) => {
  const { url } = await startRegistry(t);
  const answer = await put(
    `${url}/v2/ns/kmod/manifests/${digestOf('x')}`,
    '{"schemaVersion":2,"manifests":[]}',
    indexType,
  );
  assert.equal(await refusal(answer), '400 DIGEST_INVALID');
});

test('a deleted tag leaves the manifest, a deleted manifest takes its tags', async (t) => {
  const { url } = await startRegistry(t);
  await pushTinyImage(url, 'ns/kmod', '1', image);
  await pushTinyImage(url, 'ns/kmod', '2', image);
  const at = (reference: string): string => `${url}/v2/ns/kmod/manifests/${reference}`;
  assert.equal((await fetch(at('1'), { method: 'DELETE' })).status, 202);
  assert.equal(await refusal(await fetch(at('1'))), '404 MANIFEST_UNKNOWN');
  assert.equal((await fetch(at(digest))).status, 200);
  assert.equal((await fetch(at(digest), { method: 'DELETE' })).status, 202);
  for (const reference of ['2', digest])
    assert.equal(await refusal(await fetch(at(reference))), '404 MANIFEST_UNKNOWN');
  for (const reference of ['2', digest]) {
    assert.equal(await refusal(await fetch(at(reference), { method: 'DELETE' })), '404 MANIFEST_UNKNOWN');
  }
});
