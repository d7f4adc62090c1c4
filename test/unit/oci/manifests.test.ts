import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { chooseImage } from '../../../shared/oci/choose-image.ts';
import { type Digest, digestOf } from '../../../shared/oci/digest.ts';
import { type IndexEntry, parseManifest } from '../../../shared/oci/parse-manifest.ts';
import { selectPlatform } from '../../../shared/oci/select-platform.ts';

const ociImage = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerImage = 'application/vnd.docker.distribution.manifest.v2+json';
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json';

const blob = { mediaType: 'application/octet-stream', digest: digestOf('x'), size: 1 };
const image = { schemaVersion: 2, config: blob, layers: [blob] };
const bytesOf = (document: unknown) => new TextEncoder().encode(JSON.stringify(document));

/** An entry named by its platform: `arm/v7`. */
const entry = (name: string, fields: Partial<IndexEntry> = {}): IndexEntry => {
  const [architecture = '', variant] = name.split('/');
  const platform = { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) };
  return { mediaType: ociImage, digest: digestOf(name), size: 1, platform, ...fields };
};

describe('parseManifest', () => {
  const kinds: [what: string, document: object, contentType: string, kind: string][] = [
    ['an OCI image', { ...image, mediaType: ociImage }, ociImage, 'image'],
    ['a Docker image', { ...image, mediaType: dockerImage }, dockerImage, 'image'],
    ['an OCI index', { schemaVersion: 2, mediaType: ociIndex, manifests: [] }, ociIndex, 'index'],
    ['a Docker list', { schemaVersion: 2, mediaType: dockerList, manifests: [entry('amd64')] }, dockerList, 'index'],
    ['an image without mediaType', image, ociImage, 'image'],
    ['an index without mediaType', { schemaVersion: 2, manifests: [] }, ociIndex, 'index'],
    ['an image without any type', image, '', 'image'],
    ['an index that comes as text/plain', { schemaVersion: 2, manifests: [] }, 'text/plain', 'index'],
    ['null annotations', { ...image, annotations: null }, ociImage, 'image'],
  ];
  for (const [what, document, contentType, kind] of kinds) {
    test(`reads ${what}`, () => assert.equal(parseManifest(bytesOf(document), contentType).kind, kind));
  }

  test('gives subject, annotations and platforms', () => {
    const parsed = parseManifest(bytesOf({ ...image, subject: blob, annotations: { a: 'b' } }));
    assert.deepEqual(parsed, { kind: 'image', config: blob, layers: [blob], annotations: { a: 'b' }, subject: blob });
    const index = parseManifest(bytesOf({ schemaVersion: 2, manifests: [entry('arm/v7')] }));
    assert.deepEqual(index.kind === 'index' && index.manifests, [entry('arm/v7')]);
  });

  const refused: [what: string, bytes: Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['schema 1', bytesOf({ schemaVersion: 1, fsLayers: [] })],
    ['a digest of another form', bytesOf({ ...image, config: { ...blob, digest: 'sha256:zz' } })],
    ['a negative size', bytesOf({ ...image, layers: [{ ...blob, size: -1 }] })],
    ['no layers', bytesOf({ schemaVersion: 2, config: blob })],
    ['more than 4 MiB', new Uint8Array(4 * 1024 * 1024 + 1)],
  ];
  for (const [what, bytes] of refused) {
    test(`refuses ${what}`, () => assert.throws(() => parseManifest(bytes), InvalidInput));
  }
});

describe('selectPlatform', () => {
  const cases: [architecture: string, offered: string[], chosen: string | undefined][] = [
    ['amd64', ['arm64', 'amd64'], 'amd64'],
    ['amd64', ['amd64/v3', 'amd64/v2'], 'amd64/v2'],
    ['amd64', ['amd64/v3', 'amd64'], 'amd64'],
    ['arm64', ['arm/v7', 'arm64/v8'], 'arm64/v8'],
    ['arm64', ['arm64/v8', 'arm64'], 'arm64'],
    ['arm64', ['arm64/v9'], 'arm64/v9'],
    ['arm', ['arm/v6', 'arm/v7'], 'arm/v7'],
    ['arm', ['arm/v5', 'arm/v6'], 'arm/v6'],
    ['ppc64le', ['ppc64le'], 'ppc64le'],
    ['s390x', ['amd64', 'arm64'], undefined],
    ['amd64', [], undefined],
  ];
  for (const [architecture, offered, chosen] of cases) {
    test(`of ${offered.join(', ') || 'nothing'} ${architecture} takes ${chosen ?? 'none'}`, () => {
      const selected = selectPlatform(
        offered.map((name) => entry(name)),
        architecture,
      );
      assert.equal(selected?.digest, chosen === undefined ? undefined : digestOf(chosen));
    });
  }

  test('never takes attestations, artifacts, other systems or nested indexes', () => {
    const never: IndexEntry[] = [
      entry('amd64', { platform: { os: 'unknown', architecture: 'unknown' } }),
      entry('amd64', { platform: { os: 'windows', architecture: 'amd64' } }),
      entry('amd64', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
      entry('amd64', { artifactType: 'application/x' }),
      entry('amd64', { mediaType: ociIndex }),
    ];
    assert.equal(selectPlatform(never, 'amd64'), undefined);
  });

  test('takes an entry that names no platform only when there is no better one', () => {
    const { platform: _, ...anonymous } = entry('any');
    assert.equal(selectPlatform([anonymous, entry('amd64')], 'amd64')?.digest, digestOf('amd64'));
    assert.equal(selectPlatform([anonymous, entry('arm64')], 'amd64')?.digest, digestOf('any'));
  });
});

describe('chooseImage', () => {
  const choose = (document: unknown, architecture: string) =>
    chooseImage({ bytes: bytesOf(document), mediaType: '', digest: tagDigest }, architecture);
  const tagDigest: Digest = digestOf('tag');

  test('a single manifest serves any architecture', () => {
    const found = { kind: 'found', digest: tagDigest, tagDigest, annotations: {} };
    assert.deepEqual(choose(image, 's390x'), found);
  });

  test('the annotations of the entry win over those of the index', () => {
    const manifests = [entry('amd64', { annotations: { a: 'entry' } })];
    const chosen = choose({ schemaVersion: 2, manifests, annotations: { a: 'index', b: 'index' } }, 'amd64');
    assert.deepEqual(chosen, {
      kind: 'found',
      digest: digestOf('amd64'),
      tagDigest,
      annotations: { a: 'entry', b: 'index' },
    });
  });

  test('other platforms are named, attestations are not', () => {
    const attestation = entry('x', { platform: { os: 'unknown', architecture: 'unknown' } });
    const chosen = choose({ schemaVersion: 2, manifests: [entry('arm/v7'), entry('arm64'), attestation] }, 'amd64');
    assert.deepEqual(chosen, { kind: 'missing', platforms: ['linux/arm/v7', 'linux/arm64'] });
  });
});
