import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { it } from 'node:test';
import fc from 'fast-check';
import { shellWords } from '../../../shared/desired/script/shell-quote.ts';

it('whatever the words are, the shell sees the same words', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    fc.constantFrom("'", "''", '\\', '$(id)', '`id`', '~', '!', '*', '-', '', '\n', '"', '\\n', 'a=b', ';', '&'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const output = execFileSync('/bin/sh', [
        '-c',
        `for word in ${shellWords(words)}; do printf '%s\\0' "$word"; done`,
      ]);
      assert.equal(output.toString(), words.map((one) => `${one}\0`).join(''));
    }),
    { numRuns: 60 },
  );
});
