import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as z from 'zod';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { isSourceName, sources } from '../../../shared/events/sources/sources.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

/** What the recording Gitea signed with. */
const secret = 'a-secret-of-the-recording';
const Requests = z.array(z.object({ headers: z.record(z.string(), z.string()), body: z.string() }));
const requests = Requests.parse(
  JSON.parse(readFileSync(new URL('../../fixtures/events/gitea-recorded.json', import.meta.url), 'utf8')),
);

/** What the door queues for the recorded requests, in their order, and what it answers. */
async function replay(secrets: string[]) {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const sender = { source: 'gitea', name: 'main', secrets, header: 'authorization' } as const;
  const app = httpApp([registryHook([sender], { ignoredTaints: [] }, { bus, logger, now: () => new Date(0) })], logger);
  const statuses: number[] = [];
  for (const { headers, body } of requests) {
    const answer = await app.request('/events/gitea/main', { method: 'POST', headers, body });
    statuses.push(answer.status);
  }
  const triggers = bus.published.map((message) => ('trigger' in message ? message.trigger : undefined));
  return { statuses, triggers };
}

const image = { kind: 'image', registry: '127.0.0.1:13000', repository: 'drivers/nic' };

test('what a real Gitea told of a push, an index, and a delete is let in by its own signatures', async () => {
  const { statuses, triggers } = await replay([secret]);
  assert.deepEqual(statuses, [202, 202, 202, 202]);
  assert.deepEqual(triggers, [
    // It was pushed as 6.1.0-RT.
    { ...image, action: 'push', tag: '6.1.0-rt' },
    {
      ...image,
      action: 'push',
      digest: 'sha256:0c9e57003429105c63c0f6ae31cf3466da34bc8072d3812e2e8e7967c0f7e1d0',
    },
    { ...image, action: 'push', tag: '6.2.0' },
    { ...image, action: 'delete', tag: '6.2.0' },
  ]);
});

test('with another secret none of it is', async () => {
  const { statuses, triggers } = await replay(['another-secret-altogether']);
  assert.deepEqual(statuses, [401, 401, 401, 401]);
  assert.deepEqual(triggers, []);
});

test('though it says "GitHub" in some of its headers, it is of one source', () => {
  for (const { headers, body } of requests) {
    const event = { headers, body: JSON.parse(body) };
    const found = Object.keys(sources).filter((name) => isSourceName(name) && sources[name].recognise(event));
    assert.deepEqual(found, ['gitea']);
  }
});
