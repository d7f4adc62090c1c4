import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toChunks } from '../../../shared/adapters/oci-registry/chunks.ts';
import { addressRefusal } from '../../../shared/adapters/oci-registry/http/address-rules.ts';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { parseAuthChallenges } from '../../../shared/oci/auth-challenge.ts';
import { digestOf } from '../../../shared/oci/digest.ts';
import { parseDockerConfig } from '../../../shared/oci/docker-config.ts';
import { findCredentials } from '../../../shared/oci/find-credentials.ts';
import { formatReference } from '../../../shared/oci/format-reference.ts';
import { parseManifest } from '../../../shared/oci/parse-manifest.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';
import type { OciReference } from '../../../shared/oci/reference.ts';

const part = fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,6}){0,2}$/);
const reference: fc.Arbitrary<OciReference> = fc
  .record({
    registry: fc.constantFrom('docker.io', 'quay.io', 'localhost', 'host:5000', '127.0.0.1:5000', '[fd00::1]:5000'),
    repository: fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/')),
    tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }),
    digest: fc.option(fc.string().map(digestOf), { nil: undefined }),
  })
  .map(({ registry, repository, tag, digest }) => ({
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }));

const onlyInvalidInput = (parse: () => unknown): void => {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof InvalidInput, String(error));
  }
};

test('a reference that was formatted parses to itself', () => {
  fc.assert(fc.property(reference, (given) => assert.deepEqual(parseReference(formatReference(given)), given)));
});

test('whatever parses, parses to the same again in its full form', () => {
  const alphabet = fc.string({
    unit: fc.constantFrom('a', 'B', '1', '.', ':', '/', '-', '_', '@', '[', ']', ' ', '$'),
    maxLength: 20,
  });
  fc.assert(
    fc.property(alphabet, (text) =>
      onlyInvalidInput(() => {
        const parsed = parseReference(text);
        assert.deepEqual(parseReference(formatReference(parsed)), parsed);
      }),
    ),
    { numRuns: 1000 },
  );
});

test('garbage is InvalidInput and nothing else', () => {
  fc.assert(fc.property(fc.string(), (text) => onlyInvalidInput(() => parseReference(text))));
  fc.assert(fc.property(fc.string(), (text) => onlyInvalidInput(() => parseDockerConfig(text))));
  fc.assert(fc.property(fc.json(), (text) => onlyInvalidInput(() => parseDockerConfig(text))));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => onlyInvalidInput(() => parseManifest(bytes))));
  fc.assert(fc.property(fc.json(), (text) => onlyInvalidInput(() => parseManifest(new TextEncoder().encode(text)))));
});

test('challenges are read back from what a server writes, and garbage never throws', () => {
  const token = fc.stringMatching(/^[a-z]{1,8}$/);
  const challenge = fc.record(
    {
      scheme: token,
      params: fc.dictionary(token, fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    },
    { noNullPrototype: true },
  );
  const write = (value: string) => `"${value.replace(/[\\"]/g, '\\$&')}"`;
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 4 }), (given) => {
      const header = given.map(
        ({ scheme, params }) =>
          `${scheme} ${Object.entries(params)
            .map(([name, value]) => `${name}=${write(value)}`)
            .join(', ')}`,
      );
      assert.deepEqual(parseAuthChallenges(header), given);
      assert.deepEqual(parseAuthChallenges(header.join(', ')), given);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseAuthChallenges(text)));
});

test('a credential applies only where its host, and its path whole, are those of the image', () => {
  const host = fc.constantFrom('quay.io', 'h:5000', 'docker.io');
  const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 0, maxLength: 3 });
  fc.assert(
    fc.property(
      host,
      path,
      reference,
      fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 2, maxLength: 3 }),
      (keyHost, keyPath, { registry }, image) => {
        const key = [keyHost, ...keyPath].join('/');
        const config = parseDockerConfig(JSON.stringify({ auths: { [key]: { username: 'u', password: 'p' } } }));
        const found = findCredentials(config, { registry, repository: image.join('/') });
        const applies = keyHost === registry && keyPath.every((name, index) => image[index] === name);
        assert.equal(found.length, applies ? 1 : 0);
      },
    ),
  );
});

test('an address is judged the same in IPv4 and in every IPv6 dress of it', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const first = fc.oneof(octet, fc.constantFrom(0, 10, 127, 169, 224, 255));
  fc.assert(
    fc.property(first, fc.oneof(octet, fc.constant(254)), octet, octet, fc.boolean(), (a, b, c, d, allowed) => {
      const address = [a, b, c, d].join('.');
      const refused = addressRefusal(address, allowed) !== undefined;
      for (const dressed of [`::ffff:${address}`, `64:ff9b::${address}`]) {
        assert.equal(addressRefusal(dressed, allowed) !== undefined, refused, dressed);
      }
      assert.equal(addressRefusal('::1', allowed) === undefined, allowed);
      if (a === 127) assert.equal(refused, !allowed);
      if (a === 0 || (a >= 224 && a < 240) || (a === 169 && b === 254)) assert.ok(refused);
      if (a === 10) assert.ok(!refused);
    }),
  );
});

test('chunks join to the stream, and all but the last are full', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 20 })),
      fc.integer({ min: 1, max: 9 }),
      async (parts, size) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of toChunks(streamOf(parts), size)) chunks.push(chunk);
        assert.deepEqual(Buffer.concat(chunks), Buffer.concat(parts));
        assert.ok(chunks.slice(0, -1).every(({ byteLength }) => byteLength === size));
        assert.ok(chunks.every(({ byteLength }) => byteLength > 0));
      },
    ),
  );
});

async function* streamOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
