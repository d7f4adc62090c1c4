import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type ByteStore, readWhole } from '../../../infra/local/registry/byte-store.ts';
import { createDiskStore } from '../../../infra/local/registry/disk-store.ts';
import { createMemoryStore } from '../../../infra/local/registry/memory-store.ts';

async function diskStore(t: TestContext): Promise<ByteStore> {
  const folder = await mkdtemp(join(tmpdir(), 'byte-store-'));
  t.after(() => rm(folder, { recursive: true }));
  return createDiskStore(folder);
}

const stores: [name: string, create: (t: TestContext) => Promise<ByteStore>][] = [
  ['in memory', async () => createMemoryStore()],
  ['on disk', diskStore],
];
for (const [name, create] of stores) {
  describe(`a byte store ${name}`, () => {
    test('knows nothing of a key that was never written', async (t) => {
      const store = await create(t);
      assert.equal(await store.size('a/b'), undefined);
      assert.equal(await readWhole(store, 'a/b'), undefined);
      assert.equal(await store.remove('a/b'), false);
      assert.deepEqual(await store.list('a/'), []);
    });

    test('gives back what was written, also when it is empty', async (t) => {
      const store = await create(t);
      await store.write('a/b', Buffer.from('first'));
      await store.write('a/b', Buffer.from('second'));
      await store.write('a/empty', new Uint8Array());
      assert.equal(String(await readWhole(store, 'a/b')), 'second');
      assert.equal((await readWhole(store, 'a/empty'))?.length, 0);
    });

    test('streams a part that spans what was appended', async (t) => {
      const store = await create(t);
      for (const part of ['abc', 'def', 'ghi']) await store.append('x', Buffer.from(part));
      let text = '';
      for await (const chunk of store.stream('x', 2, 6)) text += String(chunk);
      assert.equal(text, 'cdefg');
      assert.equal(await store.size('x'), 9);
    });

    test('moves over what stood there', async (t) => {
      const store = await create(t);
      await store.write('from', Buffer.from('new'));
      await store.write('deep/er/to', Buffer.from('old'));
      await store.move('from', 'deep/er/to');
      assert.equal(String(await readWhole(store, 'deep/er/to')), 'new');
      assert.equal(await store.size('from'), undefined);
    });

    test('lists the keys below a prefix, sorted', async (t) => {
      const store = await create(t);
      for (const key of ['r/b/_tags/2', 'r/a', 'r/b/_tags/1', 's/c']) await store.write(key, new Uint8Array());
      assert.deepEqual(await store.list('r/'), ['r/a', 'r/b/_tags/1', 'r/b/_tags/2']);
    });
  });
}

test('a byte store in memory refuses what goes over its capacity and takes it again after a removal', async () => {
  const store = createMemoryStore(10);
  await store.write('a', new Uint8Array(8));
  await assert.rejects(store.append('b', new Uint8Array(3)), /memory is full/);
  await store.remove('a');
  await store.append('b', new Uint8Array(3));
});
