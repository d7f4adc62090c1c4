import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ByteRange, parseByteRange } from '../../../infra/local/registry/byte-range.ts';

const rows: [header: string | undefined, range: ByteRange][] = [
  [undefined, { kind: 'whole' }],
  ['bytes=0-3', { kind: 'part', start: 0, end: 3 }],
  ['bytes=4-', { kind: 'part', start: 4, end: 9 }],
  ['bytes=-3', { kind: 'part', start: 7, end: 9 }],
  ['bytes=-30', { kind: 'part', start: 0, end: 9 }],
  ['bytes=8-100', { kind: 'part', start: 8, end: 9 }],
  ['bytes=10-', { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=5-2', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=0-1,4-5', { kind: 'whole' }],
  ['lines=0-1', { kind: 'whole' }],
];
for (const [header, range] of rows) {
  test(`"${header ?? 'no header'}" of ten bytes is ${JSON.stringify(range)}`, () => {
    assert.deepEqual(parseByteRange(header, 10), range);
  });
}

test('no range of an empty blob can be satisfied', () => {
  assert.deepEqual(parseByteRange('bytes=0-0', 0), { kind: 'unsatisfiable' });
});
