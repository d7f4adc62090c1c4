import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readWhole } from '../../../infra/local/registry/byte-store.ts';
import { createMemoryStore } from '../../../infra/local/registry/memory-store.ts';
import { createUploads, removeOldUploads } from '../../../infra/local/registry/uploads.ts';
import { digestOf } from '../../../shared/oci/digest.ts';

async function* from(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

test('chunks of any cut in any number of requests make the blob that they are together', async () => {
  const requests = fc.array(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 4 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(requests, async (bodies) => {
      const store = createMemoryStore();
      const uploads = createUploads(store);
      const upload = await uploads.open('a');
      for (const chunks of bodies) assert.equal(await uploads.receive(upload, from(...chunks), 1000), 'received');
      const whole = Buffer.concat(bodies.flat());
      assert.equal(upload.size, whole.length);
      const key = await uploads.finish(upload, digestOf(whole));
      assert.deepEqual(await readWhole(store, key ?? ''), whole);
    }),
    { numRuns: 50 },
  );
});

test('an upload belongs to its repository', async () => {
  const uploads = createUploads(createMemoryStore());
  const upload = await uploads.open('a');
  assert.equal(uploads.find('a', upload.id), upload);
  assert.equal(uploads.find('b', upload.id), undefined);
});

test('too much ends the upload and leaves no bytes', async () => {
  const store = createMemoryStore();
  const uploads = createUploads(store);
  const upload = await uploads.open('a');
  assert.equal(await uploads.receive(upload, from('123', '456'), 5), 'too-large');
  assert.equal(uploads.find('a', upload.id), undefined);
  assert.deepEqual(await store.list('uploads/'), []);
});

test('bytes that could not be stored end the upload: nobody knows what stands there', async () => {
  const uploads = createUploads(createMemoryStore(5));
  const upload = await uploads.open('a');
  await assert.rejects(uploads.receive(upload, from('123', '456'), 100), /memory is full/);
  assert.equal(uploads.find('a', upload.id), undefined);
});

test('a body that breaks off leaves the upload with what came', async () => {
  const uploads = createUploads(createMemoryStore());
  const upload = await uploads.open('a');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('123');
    throw new Error('connection lost');
  }
  await assert.rejects(uploads.receive(upload, broken(), 100), /connection lost/);
  assert.equal(upload.size, 3);
  assert.equal(await uploads.receive(upload, from('456'), 100), 'received');
  assert.ok(await uploads.finish(upload, digestOf('123456')));
});

test('bytes that still come in after a cancellation are not kept', async () => {
  const store = createMemoryStore();
  const uploads = createUploads(store);
  const upload = await uploads.open('a');
  async function* cancelledMeanwhile(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('123');
    await uploads.cancel(upload);
    yield Buffer.from('456');
  }
  assert.equal(await uploads.receive(upload, cancelledMeanwhile(), 100), 'busy');
  assert.deepEqual(await store.list('uploads/'), []);
});

test('the oldest of too many uploads goes', async () => {
  const uploads = createUploads(createMemoryStore());
  const first = await uploads.open('a');
  for (let count = 0; count < 256; count++) await uploads.open('a');
  assert.equal(uploads.find('a', first.id), undefined);
});

test('what an earlier life left half done is removed', async () => {
  const store = createMemoryStore();
  for (const key of ['uploads/1', 'unfinished/2', 'blobs/sha256/3']) await store.write(key, Buffer.from('x'));
  await removeOldUploads(store);
  assert.deepEqual(await store.list(''), ['blobs/sha256/3']);
});
