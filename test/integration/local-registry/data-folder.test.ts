import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { startRegistry } from './start-registry.ts';

const image = buildTinyImage({ files: { 'opt/kmod.ko': 'x' } });

async function dataFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-registry-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a registry started again with its folder has what it had', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await createLocalRegistry({ dataDir });
  await pushTinyImage(first.url, 'ns/kmod', '1', image);
  await first.close();
  const { url } = await startRegistry(t, { dataDir });
  const answer = await fetch(`${url}/v2/ns/kmod/manifests/1`);
  assert.equal(answer.headers.get('Docker-Content-Digest'), image.manifest.descriptor.digest);
  assert.equal((await fetch(`${url}/v2/ns/kmod/blobs/${image.layer.descriptor.digest}`)).status, 200);
});

test('uploads that were under way are gone after a restart, and so are their bytes', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await createLocalRegistry({ dataDir });
  const opened = await fetch(`${first.url}/v2/ns/kmod/blobs/uploads/`, { method: 'POST' });
  const location = opened.headers.get('Location') ?? '';
  await fetch(new URL(location, first.url), { method: 'PATCH', body: 'half' });
  await first.close();
  const { url } = await startRegistry(t, { dataDir });
  assert.equal((await fetch(new URL(location, url))).status, 404);
  assert.deepEqual(await readdir(join(dataDir, 'uploads')), []);
});

test('what many push at once to one tag ends as one of theirs, whole', async (t) => {
  const { url } = await startRegistry(t, { dataDir: await dataFolder(t) });
  const images = Array.from({ length: 8 }, (_, index) =>
    buildTinyImage({ files: { 'opt/kmod.ko': `build ${index}` } }),
  );
  await Promise.all(images.map((one) => pushTinyImage(url, 'ns/kmod', 'latest', one)));
  const answer = await fetch(`${url}/v2/ns/kmod/manifests/latest`);
  const digest = answer.headers.get('Docker-Content-Digest');
  const found = images.find(({ manifest }) => manifest.descriptor.digest === digest);
  assert.equal(await answer.text(), String(found?.manifest.bytes));
});
