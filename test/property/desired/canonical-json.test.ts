import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/desired/canonical-json.ts';

it('does not depend on the order of keys, and loses nothing that JSON holds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const turned = Object.fromEntries(Object.entries(record).reverse());
      assert.equal(canonicalJson(turned), canonicalJson(record));
      assert.deepEqual(JSON.parse(canonicalJson(record)), JSON.parse(JSON.stringify(record)));
    }),
  );
});
