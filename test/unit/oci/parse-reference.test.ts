import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { formatReference } from '../../../shared/oci/format-reference.ts';
import { parseReference, parseReferenceParts } from '../../../shared/oci/parse-reference.ts';

const digest = `sha256:${'a1'.repeat(32)}`;

const accepted: [text: string, full: string][] = [
  ['nginx', 'docker.io/library/nginx'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['team/app', 'docker.io/team/app'],
  ['docker.io/nginx', 'docker.io/library/nginx'],
  ['index.docker.io/team/app:v1', 'docker.io/team/app:v1'],
  ['localhost/app', 'localhost/app'],
  ['localhost:5000/app:v1', 'localhost:5000/app:v1'],
  ['host:5000/app', 'host:5000/app'],
  ['quay.io/a/b/c:T_1.x-y', 'quay.io/a/b/c:T_1.x-y'],
  ['Registry.IO/app', 'registry.io/app'],
  ['[fd00::1]:5000/app:v1', '[fd00::1]:5000/app:v1'],
  ['127.0.0.1:5000/kmm/my__mod-x.y:v1', '127.0.0.1:5000/kmm/my__mod-x.y:v1'],
  [`quay.io/a/b@${digest}`, `quay.io/a/b@${digest}`],
  [`quay.io/a/b:v1@${digest}`, `quay.io/a/b:v1@${digest}`],
];

const refused: [text: string, reason: RegExp][] = [
  ['', /empty/],
  ['quay.io/a/b:', /tag after ":" is empty/],
  [':', /repository is missing/],
  ['quay.io/', /repository is missing/],
  ['/a', /can't be a part/],
  ['quay.io//a', /can't be a part/],
  ['quay.io/a/', /can't be a part/],
  ['a:b:c', /no tag/],
  ['a b:c', /white space/],
  ['http://quay.io/a', /URL scheme/],
  ['quay.io/A/b', /lower case/],
  ['Team/app', /must be lower case/],
  ['quay.io/a..b', /can't be a part/],
  ['quay.io/a-', /can't be a part/],
  ['quay.io/a:${KERNEL}', /template variable/],
  ['quay.io/a:.v1', /no tag/],
  [`quay.io/a:${'x'.repeat(129)}`, /no tag/],
  [`quay.io/${'x'.repeat(256)}`, /longer than 255/],
  ['quay.io/a@sha256:abc', /no digest/],
  [`quay.io/a@sha512:${'a'.repeat(128)}`, /no digest/],
  ['a'.repeat(64), /image id/],
  ['-quay.io/a', /no registry host/],
  ['quay.io:port/a', /no registry host/],
  ['x'.repeat(2000), /longer than 1024/],
];

describe('parseReference', () => {
  for (const [text, full] of accepted) {
    test(`reads ${text} as ${full}`, () => {
      const reference = parseReference(text);
      assert.equal(formatReference(reference), full);
      assert.deepEqual(parseReference(full), reference);
    });
  }

  for (const [text, reason] of refused) {
    test(`refuses ${JSON.stringify(text.slice(0, 40))} because of ${reason}`, () => {
      assert.throws(
        () => parseReference(text),
        (error: unknown) => error instanceof InvalidInput && reason.test(error.message),
      );
    });
  }
});

test('parseReferenceParts tells what stood in the text', () => {
  assert.deepEqual(parseReferenceParts('nginx').explicit, { registry: false, tag: false, digest: false });
  assert.deepEqual(parseReferenceParts('h:5000/a').explicit, { registry: true, tag: false, digest: false });
  assert.deepEqual(parseReferenceParts(`h.io/a:v1@${digest}`).explicit, { registry: true, tag: true, digest: true });
});
