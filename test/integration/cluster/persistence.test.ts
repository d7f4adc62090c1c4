import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';

let dataDir: string;
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kmm-cluster-'));
});
after(() => rm(dataDir, { recursive: true }));

test('a cluster with a folder stands again as it was left: versions, uids and field owners included', async () => {
  const key = { namespace: 'default', name: 'kept' };
  const apply = { manager: 'one' };
  const first = await createLocalCluster({ dataDir });
  const before = first.store.apply(
    'ConfigMap',
    key,
    { metadata: { name: 'kept', labels: { a: '1' } }, data: { x: '1' } },
    apply,
  );
  const version = first.store.version();
  await first.close();
  assert.deepEqual(await readdir(dataDir), ['cluster.json']);

  const second = await createLocalCluster({ dataDir });
  assert.deepEqual(second.store.get('ConfigMap', key), before);
  assert.equal(second.store.version(), version);
  const after = second.store.apply('ConfigMap', key, { metadata: { name: 'kept' }, data: { x: '1' } }, apply);
  assert.equal(after.metadata.labels, undefined);
  await second.close();
});

test('a folder whose file is broken is not overwritten but named', async () => {
  const file = join(dataDir, 'cluster.json');
  await writeFile(file, '{"version":');
  await assert.rejects(
    createLocalCluster({ dataDir }),
    (error) => error instanceof Error && error.message.includes(file),
  );
});
