import assert from 'node:assert/strict';
import { it } from 'node:test';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import { liveDigest, pinnedImage } from '../../../shared/desired/pinned-image.ts';
import { defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { DaemonSet } from '../../../shared/kubernetes/objects.ts';
import { digestA, digestB, moduleLoaderData } from '../../builders/module-loader-data.ts';

for (const [image, repository] of [
  ['quay.io/a/b:6.1', 'quay.io/a/b'],
  ['localhost:5000/a/b', 'localhost:5000/a/b'],
  ['localhost:5000/a/b:c', 'localhost:5000/a/b'],
  [`quay.io/a/b:tag@${digestB}`, 'quay.io/a/b'],
  ['busybox', 'busybox'],
] as const) {
  it(`pins ${image} without its tag`, () => {
    assert.equal(pinnedImage(image, digestA), `${repository}@${digestA}`);
  });
}

for (const settings of [defaultDesiredSettings, { ...defaultDesiredSettings, loaderImage: 'quay.io/kmm/loader:1' }]) {
  it(`reads the digest back from what it rendered ${settings.loaderImage ? 'in the copy' : 'in the direct'} shape`, () => {
    const manifest = renderLoaderDaemonSet({
      data: moduleLoaderData(),
      architecture: 'amd64',
      digest: digestA,
      settings,
    });
    assert.equal(liveDigest(DaemonSet.parse(manifest)), digestA);
  });
}

it('reads no digest from a DaemonSet that runs a tag', () => {
  const template = { spec: { containers: [{ name: 'a', image: 'quay.io/a/b:c' }] } };
  assert.equal(liveDigest(DaemonSet.parse({ metadata: { name: 'x' }, spec: { template } })), undefined);
});
