import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ObjectSerializer } from '@kubernetes/client-node/dist/gen/models/ObjectSerializer.js';
import { renderDevicePluginDaemonSet } from '../../../shared/desired/device-plugin-daemonset.ts';
import { renderEvent } from '../../../shared/desired/events.ts';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import { Module } from '../../../shared/kmm/module.ts';
import { digestA, moduleLoaderData } from '../../builders/module-loader-data.ts';

// The generated types drop what they don't know: a misspelt or misplaced field would not come back.
const known = (manifest: unknown, type: string): unknown => {
  const plain: unknown = JSON.parse(JSON.stringify(manifest));
  return JSON.parse(
    JSON.stringify(ObjectSerializer.serialize(ObjectSerializer.deserialize(plain, type, ''), type, '')),
  );
};

const data = moduleLoaderData({
  version: '2',
  imagePullPolicy: 'Always',
  imageRepoSecret: 'pull',
  tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
  modprobe: { firmwarePath: '/firmware' },
});
const module = Module.parse({
  metadata: { name: 'acme', namespace: 'gpu', uid: 'u' },
  spec: {
    moduleLoader: { container: { version: '2' } },
    imageRepoSecret: { name: 'pull' },
    devicePlugin: { container: { image: 'p:1' }, initContainer: { image: 'i:1' }, serviceAccountName: 's' },
  },
});

for (const [what, manifest, type] of [
  ['a loader that copies', loader('quay.io/kmm/loader:1'), 'V1DaemonSet'],
  ['a direct loader', loader(undefined), 'V1DaemonSet'],
  ['a device plugin', renderDevicePluginDaemonSet(module), 'V1DaemonSet'],
] as const) {
  it(`${what} has only fields that Kubernetes knows`, () => {
    assert.deepEqual(known(manifest, type), JSON.parse(JSON.stringify(manifest)));
  });
}

it('an Event has only fields that Kubernetes knows', () => {
  const involved = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'n' };
  const now = new Date('2026-01-02T03:04:05Z');
  const event = renderEvent({ involved, reason: 'ModuleLoaded', type: 'Normal', message: 'm', now });
  assert.deepEqual(Object.keys(Object(known(event, 'CoreV1Event'))).sort(), Object.keys(event).sort());
});

function loader(loaderImage: string | undefined) {
  const settings = { firmwareHostPath: '/lib/firmware', ...(loaderImage === undefined ? {} : { loaderImage }) };
  return renderLoaderDaemonSet({ data, architecture: 'amd64', digest: digestA, settings });
}
