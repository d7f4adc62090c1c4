import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildTinyImage, buildTinyIndex } from '../../../infra/local/registry/tiny-image.ts';
import { digestOf } from '../../../shared/oci/digest.ts';

const files = { 'opt/lib/modules/6.1.0/kmod.ko': 'kernel object' };

test('the same files make the same bytes, on any machine and in any order', () => {
  const image = buildTinyImage({ files: { b: '2', a: '1' } });
  assert.deepEqual(buildTinyImage({ files: { a: '1', b: '2' } }), image);
  assert.equal(
    image.manifest.descriptor.digest,
    'sha256:bf84d2a79607c3955991a4cbb2d34537d2fa7c59f8614a4fd67c3b2f8d379aa8',
  );
});

test('descriptors tell the digest and the length of their bytes', () => {
  const { config, layer, manifest } = buildTinyImage({ files });
  for (const { descriptor, bytes } of [config, layer, manifest]) {
    assert.equal(descriptor.digest, digestOf(bytes));
    assert.equal(descriptor.size, bytes.length);
  }
});

test('the configuration names platform, labels and the digest of the unzipped layer', () => {
  const { config, layer } = buildTinyImage({ files, architecture: 'arm64', labels: { a: 'b' } });
  const document = JSON.parse(String(config.bytes));
  assert.equal(document.architecture, 'arm64');
  assert.equal(document.os, 'linux');
  assert.deepEqual(document.config.Labels, { a: 'b' });
  assert.deepEqual(document.rootfs.diff_ids, [digestOf(gunzipSync(layer.bytes))]);
});

test('annotations stand on the manifest and change its digest', () => {
  const plain = buildTinyImage({ files });
  const annotated = buildTinyImage({ files, annotations: { built: 'now' } });
  assert.deepEqual(JSON.parse(String(annotated.manifest.bytes)).annotations, { built: 'now' });
  assert.notEqual(annotated.manifest.descriptor.digest, plain.manifest.descriptor.digest);
  assert.equal(annotated.layer.descriptor.digest, plain.layer.descriptor.digest);
});

test('an index lists each image with its platform', () => {
  const images = ['amd64', 'arm64'].map((architecture) => buildTinyImage({ files, architecture }));
  const { manifests } = JSON.parse(String(buildTinyIndex(images).bytes));
  assert.deepEqual(
    manifests.map((entry: { platform: unknown }) => entry.platform),
    [
      { architecture: 'amd64', os: 'linux' },
      { architecture: 'arm64', os: 'linux' },
    ],
  );
});
