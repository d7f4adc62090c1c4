import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { OciRegistryOptions } from '../../../shared/adapters/oci-registry/options.ts';
import { digestOf } from '../../../shared/oci/digest.ts';
import { RegistryError } from '../../../shared/ports/errors.ts';
import type { OciRegistry, RegistryAccess, Repository } from '../../../shared/ports/registry.ts';
import { imageManifest, indexManifest, pushImage, pushIndex, referrerManifest } from './images.ts';

/** A running registry, and how to reach it. */
export interface StartedRegistry {
  /** `127.0.0.1:<port>`; it is added to `loopbackRegistries`. */
  host: string;
  access: RegistryAccess;
  options?: OciRegistryOptions;
  stop(): Promise<void>;
}

/** The contract of the registry port, by HTTP: what holds for one registry holds for all. */
export function describeRegistryContract(name: string, start: () => Promise<StartedRegistry>): void {
  describe(`registry contract: ${name}`, () => {
    let started: StartedRegistry;
    let registry: OciRegistry;
    let taken = 0;
    before(async () => {
      started = await start();
      registry = createOciRegistry({
        loopbackRegistries: [started.host],
        chunkBytes: 100_000,
        pageSize: 2,
        ...started.options,
      });
    });
    after(() => started?.stop());

    /** A repository that no other test uses. */
    const fresh = (): Repository => {
      taken += 1;
      return { ...started.access, registry: started.host, repository: `contract/run-${process.pid}-${taken}` };
    };
    const find = (
      repository: Repository,
      tagOrDigest: { tag?: string; digest?: `sha256:${string}` },
      architecture = 'amd64',
    ) => registry.findImage({ ...repository, reference: { ...repository, ...tagOrDigest }, architecture });

    describe('images', () => {
      test('finds a single manifest by tag and by digest, with its annotations', async () => {
        const repository = fresh();
        const digest = await pushImage(registry, repository, 'v1', { annotations: { made: 'here' } });
        const found = { kind: 'found', digest, tagDigest: digest, annotations: { made: 'here' } };
        assert.deepEqual(await find(repository, { tag: 'v1' }), found);
        assert.deepEqual(await find(repository, { digest }), found);
      });

      test('finds the manifest of the platform in an index, or names the platforms that there are', async () => {
        const repository = fresh();
        const { digest, platforms } = await pushIndex(registry, repository, 'v1', ['amd64', 'arm64']);
        const answer = await find(repository, { tag: 'v1' }, 'arm64');
        assert.deepEqual(answer, { kind: 'found', digest: platforms['arm64'], tagDigest: digest, annotations: {} });
        assert.deepEqual(await find(repository, { tag: 'v1' }, 's390x'), {
          kind: 'missing',
          platforms: ['linux/amd64', 'linux/arm64'],
        });
      });

      test('an unknown tag, digest or repository is missing', async () => {
        const repository = fresh();
        const missing = { kind: 'missing', platforms: [] };
        assert.deepEqual(await find(repository, { tag: 'v1' }), missing);
        await pushImage(registry, repository, 'v1');
        assert.deepEqual(await find(repository, { tag: 'v2' }), missing);
        assert.deepEqual(await find(repository, { digest: digestOf('nothing') }), missing);
      });

      test('what is known is confirmed, and a tag that moved is followed', async () => {
        const repository = fresh();
        const first = await pushImage(registry, repository, 'v1');
        const known = { digest: first, tagDigest: first, annotations: { kept: 'yes' } };
        const request = { ...repository, reference: { ...repository, tag: 'v1' }, architecture: 'amd64', known };
        assert.deepEqual(await registry.findImage(request), { kind: 'found', ...known });
        const second = await pushImage(registry, repository, 'v1', { annotations: { other: 'image' } });
        const moved = await registry.findImage(request);
        assert.equal(moved.kind === 'found' && moved.digest, second);
      });
    });

    describe('manifests', () => {
      test('gives back the bytes and the media type that were put', async () => {
        const repository = fresh();
        const digest = await pushImage(registry, repository, 'v1');
        const answer = await registry.getManifest(repository, 'v1');
        assert.equal(answer?.digest, digest);
        assert.equal(digestOf(answer?.bytes ?? ''), digest);
        assert.equal(answer?.mediaType, 'application/vnd.oci.image.manifest.v1+json');
        assert.deepEqual(await registry.headManifest(repository, 'v1'), { digest, mediaType: answer?.mediaType });
        assert.equal(await registry.headManifest(repository, 'v2'), undefined);
      });

      test('putting the same manifest again is the same', async () => {
        const repository = fresh();
        assert.equal(await pushImage(registry, repository, 'v1'), await pushImage(registry, repository, 'v1'));
      });

      test('refuses a manifest under a digest that is not its own', async () => {
        const repository = fresh();
        const manifest = await imageManifest(registry, repository);
        await assert.rejects(registry.putManifest(repository, digestOf('other'), manifest), RegistryError);
      });

      test('deletes by digest, and says when there was nothing', async () => {
        const repository = fresh();
        const digest = await pushImage(registry, repository, 'v1');
        assert.equal(await registry.deleteManifest(repository, digest), 'deleted');
        assert.equal(await registry.getManifest(repository, 'v1'), undefined);
        assert.equal(await registry.deleteManifest(repository, digest), 'absent');
      });
    });

    describe('blobs', () => {
      test('a blob goes up whole and comes down verified; twice is once', async () => {
        const repository = fresh();
        const bytes = randomBytes(10_000);
        const descriptor = await registry.putBlob(repository, bytes);
        assert.deepEqual(await registry.putBlob(repository, bytes), descriptor);
        assert.equal(descriptor.size, 10_000);
        assert.equal(await registry.hasBlob(repository, descriptor.digest), true);
        assert.deepEqual(await drain(await registry.getBlob(repository, descriptor)), {
          length: 10_000,
          digest: digestOf(bytes),
        });
      });

      test('an empty blob is a blob', async () => {
        const repository = fresh();
        const descriptor = await registry.putBlob(repository, new Uint8Array());
        assert.equal((await drain(await registry.getBlob(repository, descriptor))).length, 0);
      });

      test('a stream goes up in chunks of any cut', async () => {
        const repository = fresh();
        const parts = [1, 99_999, 1, 250_000, 0, 100_000].map((size) => randomBytes(size));
        const descriptor = await registry.putBlob(repository, from(parts));
        assert.equal(descriptor.digest, digestOf(Buffer.concat(parts)));
        assert.equal((await drain(await registry.getBlob(repository, descriptor))).digest, descriptor.digest);
      });

      test('a large blob is streamed, and reading may stop early', async () => {
        const repository = fresh();
        const descriptor = await registry.putBlob(repository, randomBytes(8 * 1024 * 1024));
        const stream = await registry.getBlob(repository, descriptor);
        const reader = stream?.getReader();
        const first = await reader?.read();
        assert.ok((first?.value?.byteLength ?? 0) > 0);
        await reader?.cancel();
        assert.equal((await drain(await registry.getBlob(repository, descriptor))).digest, descriptor.digest);
      });

      test('a blob that is not there is a value, whoever asks', async () => {
        const repository = fresh();
        const nothing = { mediaType: 'application/octet-stream', digest: digestOf('nothing'), size: 7 };
        assert.equal(await registry.hasBlob(repository, nothing.digest), false);
        assert.equal(await registry.getBlob(repository, nothing), undefined);
      });

      test('a blob of another size than its descriptor says fails at the end', async () => {
        const repository = fresh();
        const descriptor = await registry.putBlob(repository, randomBytes(1000));
        for (const size of [999, 1001]) {
          const stream = await registry.getBlob(repository, { ...descriptor, size });
          await assert.rejects(drain(stream), { name: 'RegistryError', code: 'PROTOCOL' });
        }
      });

      test('mounts from another repository, and does not pretend to when it can not', async () => {
        const [source, target] = [fresh(), fresh()];
        const { digest } = await registry.putBlob(source, randomBytes(1000));
        assert.equal(await registry.mountBlob(target, digest, source.repository), true);
        assert.equal(await registry.hasBlob(target, digest), true);
        assert.equal(await registry.mountBlob(target, digestOf('nothing'), source.repository), false);
      });
    });

    describe('lists', () => {
      test('lists all tags, page by page; an unknown repository has none', async () => {
        const repository = fresh();
        assert.deepEqual(await registry.listTags(repository), []);
        for (const tag of ['v1', 'v2', 'V3_x']) await pushImage(registry, repository, tag);
        assert.deepEqual((await registry.listTags(repository)).toSorted(), ['V3_x', 'v1', 'v2']);
      });

      test('lists what refers to a digest, by the API or by the tag scheme', async () => {
        const repository = fresh();
        const subject = await pushImage(registry, repository, 'v1');
        assert.deepEqual(await registry.listReferrers(repository, subject), []);
        const { descriptor, manifest } = await referrerManifest(registry, repository, 'v1', 'application/x.signature');
        await registry.putManifest(repository, descriptor.digest, manifest);
        // What clients do for registries without the API; the others ignore the tag.
        await registry.putManifest(repository, subject.replace(':', '-'), indexManifest([descriptor]));
        const all = await registry.listReferrers(repository, subject);
        assert.deepEqual(
          all.map(({ digest, artifactType }) => [digest, artifactType]),
          [[descriptor.digest, 'application/x.signature']],
        );
        assert.equal((await registry.listReferrers(repository, subject, 'application/x.signature')).length, 1);
        assert.deepEqual(await registry.listReferrers(repository, subject, 'application/x.other'), []);
      });
    });
  });
}

async function* from(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function drain(stream: ReadableStream<Uint8Array> | undefined): Promise<{ length: number; digest: string }> {
  assert.ok(stream, 'the blob is there');
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  const bytes = Buffer.concat(parts);
  return { length: bytes.byteLength, digest: digestOf(bytes) };
}
