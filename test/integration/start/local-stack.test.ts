import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { kubeconfigFor } from '../../../infra/local/cluster/kubeconfig.ts';
import { createLocalStack } from '../../../infra/local/local-stack.ts';
import type { StackEvent } from '../../../infra/local/stack-event.ts';

const tell = () => undefined;

it('a second stack on a folder in use does not start, and harms nothing', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kmm-test-'));
  const first = await createLocalStack({ dataDir, tell });
  try {
    await assert.rejects(createLocalStack({ dataDir, tell }), { code: 'EADDRINUSE' });
    assert.equal((await first.outside.cluster.list('Namespace')).length, 2);
    assert.equal((await fetch(`${first.server.url}/readyz`)).status, 200);
  } finally {
    await first.close();
  }
  const again = await createLocalStack({ dataDir, tell });
  assert.deepEqual([again.registryHost, again.server.url], [first.registryHost, first.server.url], 'ports stay');
  await again.close();
  await rm(dataDir, { recursive: true });
});

it('the registry shows a secret of its own: without it nobody can send events, and no log holds it', async () => {
  const events: StackEvent[] = [];
  const stack = await createLocalStack({ tell: (event) => events.push(event) });
  const log = join(stack.folder, 'server.log');
  try {
    const url = `${stack.server.url}/events/distribution/local`;
    const forged = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer guessed' }, body: '{}' });
    assert.equal(forged.status, 401);
    assert.ok(events.some((event) => event.kind === 'complaint' && event.message.startsWith('Event refused')));
    assert.doesNotMatch(await readFile(log, 'utf8'), /guessed/);
  } finally {
    await stack.close();
  }
  assert.equal(existsSync(stack.folder), false, 'the temporary folder goes with the stack');
});

it('a cluster that does not answer is given up when asked to', async () => {
  const signal = AbortSignal.timeout(300);
  const folder = await mkdtemp(join(tmpdir(), 'kmm-test-'));
  const kubeconfig = join(folder, 'kubeconfig');

  await writeFile(kubeconfig, kubeconfigFor('http://127.0.0.1:9'));
  const complaints: StackEvent[] = [];
  const stack = createLocalStack({ kubeconfig, signal, tell: (event) => complaints.push(event) });
  await assert.rejects(stack, { name: 'AbortError' });
  assert.ok(complaints.some((event) => event.kind === 'complaint' && event.message.startsWith('Watch broke')));
  await rm(folder, { recursive: true });
});
