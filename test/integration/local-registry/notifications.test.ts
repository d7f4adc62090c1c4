import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ListenerOptions } from '../../../infra/local/registry/listener.ts';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { type NotificationReceiver, startNotificationReceiver } from '../../real/support/notification-receiver.ts';
import { startRegistry } from './start-registry.ts';

const image = buildTinyImage({ files: { 'opt/kmod.ko': 'x' } });
const { config, layer, manifest } = image;
const digest = manifest.descriptor.digest;

async function startBoth(
  t: TestContext,
  options: Omit<ListenerOptions, 'url'> = {},
): Promise<[string, NotificationReceiver]> {
  const receiver = await startNotificationReceiver();
  t.after(() => receiver.close());
  const { url } = await startRegistry(t, { notify: [{ url: receiver.url, ...options }] });
  return [url, receiver];
}

const told = ({ received }: NotificationReceiver): string[] =>
  received.map(({ event: { action, target } }) => [action, target.repository, target.tag ?? target.digest].join(' '));

test('a push is told blob by blob and then as the tagged manifest, one event a POST', async (t) => {
  const [url, receiver] = await startBoth(t, { headers: { Authorization: 'Bearer hook-token' } });
  await pushTinyImage(url, 'ns/kmod', '1', image);
  const { headers, event, count } = await receiver.waitFor('the manifest', ({ event }) => event.target.tag === '1');
  assert.deepEqual(told(receiver), [
    `push ns/kmod ${layer.descriptor.digest}`,
    `push ns/kmod ${config.descriptor.digest}`,
    'push ns/kmod 1',
  ]);
  assert.equal(count, 1);
  assert.equal(headers['authorization'], 'Bearer hook-token');
  assert.equal(headers['content-type'], 'application/vnd.docker.distribution.events.v1+json');
  assert.equal(event.target['url'], `${url}/v2/ns/kmod/manifests/${digest}`);
});

test('a deletion by digest is told for the digest and for each tag, with one request id', async (t) => {
  const [url, receiver] = await startBoth(t);
  for (const tag of ['1', '2']) await pushTinyImage(url, 'ns/kmod', tag, image);
  await fetch(`${url}/v2/ns/kmod/manifests/${digest}`, { method: 'DELETE' });
  await receiver.waitFor('the last tag', ({ event }) => event.action === 'delete' && event.target.tag === '2');
  assert.deepEqual(told(receiver).slice(-3), [`delete ns/kmod ${digest}`, 'delete ns/kmod 1', 'delete ns/kmod 2']);
  const requests = receiver.received.slice(-3).map(({ event }) => JSON.stringify(event['request']));
  assert.equal(new Set(requests).size, 1);
});

test('a mount names where it came from', async (t) => {
  const [url, receiver] = await startBoth(t);
  await pushTinyImage(url, 'ns/from', '1', image);
  const query = `mount=${layer.descriptor.digest}&from=ns/from`;
  await fetch(`${url}/v2/ns/to/blobs/uploads/?${query}`, { method: 'POST' });
  const { event } = await receiver.waitFor('the mount', ({ event }) => event.action === 'mount');
  assert.equal(event.target.repository, 'ns/to');
  assert.equal(event.target['fromRepository'], 'ns/from');
});

test('pulls are told only to those who ask for them', async (t) => {
  const [url, receiver] = await startBoth(t, { ignoreActions: ['push'] });
  await pushTinyImage(url, 'ns/kmod', '1', image);
  await fetch(`${url}/v2/ns/kmod/manifests/1`, { method: 'HEAD' });
  await receiver.waitFor('the pull', ({ event }) => event.action === 'pull');
  assert.deepEqual(told(receiver), ['pull ns/kmod 1']);
});

test('what is not taken comes again with the same id, and later events wait for it', async (t) => {
  const [url, receiver] = await startBoth(t);
  receiver.setStatus(503);
  await pushTinyImage(url, 'ns/kmod', '1', image);
  await receiver.waitFor('a second try', () => receiver.received.length >= 2);
  receiver.setStatus(202);
  await receiver.waitFor('the manifest', ({ event, status }) => event.target.tag === '1' && status === 202);
  const refused = receiver.received.filter(({ status }) => status === 503);
  const taken = receiver.received.filter(({ status }) => status === 202);
  assert.ok(refused.length >= 2);
  assert.deepEqual([...new Set(refused.map(({ event }) => event.id))], [taken[0]?.event.id]);
  assert.deepEqual(
    taken.map(({ event }) => event.target.tag ?? event.target.digest),
    [layer.descriptor.digest, config.descriptor.digest, '1'],
  );
});

test('a registry closes although nobody takes its notifications', async (t) => {
  const receiver = await startNotificationReceiver();
  t.after(() => receiver.close());
  receiver.setStatus(500);
  const registry = await createLocalRegistry({ notify: [{ url: receiver.url }] });
  await pushTinyImage(registry.url, 'ns/kmod', '1', image);
  await receiver.waitFor('the first try', () => true);
  await registry.close();
});
