import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { debianRegistryPackages, startDebianRegistry } from '../support/debian-registry.ts';
import {
  type NotificationReceiver,
  type ReceivedNotification,
  startNotificationReceiver,
} from '../support/notification-receiver.ts';

const skip = await missingPackages(...debianRegistryPackages);

const amd = buildTinyImage({ files: { 'opt/kmod.ko': 'x' }, annotations: { built: 'now' } });
const arm = buildTinyImage({ files: { 'opt/kmod.ko': 'x' }, architecture: 'arm64' });
const headers = { Authorization: 'Bearer hook-token' };

/** Keys and constant values of an event; what differs from registry to registry and run to run is only named by its type. */
function shapeOf({ event, count, headers }: ReceivedNotification): object {
  const constant = new Set([
    'action',
    'mediaType',
    'size',
    'digest',
    'length',
    'repository',
    'fromRepository',
    'tag',
    'method',
  ]);
  const shape = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((item) => shape(item));
    if (typeof value !== 'object' || value === null) return constant.has(key) ? value : typeof value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner, name)]));
  };
  const { authorization, 'content-type': contentType } = headers;
  return { authorization, contentType, count, event: shape(event) };
}

/** A push of an index, a mount, a pull and a deletion by digest, as one client does them everywhere. */
async function story(url: string, receiver: NotificationReceiver): Promise<object[]> {
  await pushTinyImage(url, 'ns/kmod', '1', [amd, arm]);
  await pushTinyImage(url, 'ns/kmod', '2', amd);
  await fetch(`${url}/v2/ns/other/blobs/uploads/?mount=${amd.layer.descriptor.digest}&from=ns/kmod`, {
    method: 'POST',
  });
  await fetch(`${url}/v2/ns/kmod/manifests/2`, { method: 'HEAD' });
  await fetch(`${url}/v2/ns/kmod/blobs/${amd.layer.descriptor.digest}`).then((answer) => answer.arrayBuffer());
  await fetch(`${url}/v2/ns/kmod/manifests/${amd.manifest.descriptor.digest}`, { method: 'DELETE' });
  await receiver.waitFor('the deleted tag', ({ event }) => event.action === 'delete' && event.target.tag === '2');
  return receiver.received.map(shapeOf);
}

test("Debian's registry and the embedded one tell a story in the same events, in the same order", {
  skip,
}, async (t) => {
  const receivers = [await startNotificationReceiver(), await startNotificationReceiver()] as const;
  t.after(() => Promise.all(receivers.map((receiver) => receiver.close())));
  const theirs = await startDebianRegistry({ notifications: { url: receivers[0].url, headers } });
  t.after(() => theirs.stop());
  const ours = await createLocalRegistry({ notify: [{ url: receivers[1].url, headers, ignoreActions: [] }] });
  t.after(() => ours.close());
  assert.deepEqual(await story(ours.url, receivers[1]), await story(theirs.url, receivers[0]));
});
