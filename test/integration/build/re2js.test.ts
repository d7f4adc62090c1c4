import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { leanRe2js } from '../../../infra/build/lean-re2js.ts';

describe('re2js without what lies behind ASCII', () => {
  let folder = '';
  let trimmed: typeof RE2JS = RE2JS;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-re2-'));
    const outfile = join(folder, 're2js.cjs');
    await build({
      stdin: { contents: "export { RE2JS } from 're2js';", resolveDir: import.meta.dirname },
      bundle: true,
      format: 'cjs',
      mainFields: ['module', 'main'],
      outfile,
      plugins: [leanRe2js],
    });
    trimmed = createRequire(import.meta.url)(outfile).RE2JS;
    assert.notEqual(trimmed, RE2JS);
  });
  after(() => rm(folder, { recursive: true }));

  const classes = [
    'L',
    'Lu',
    'Ll',
    'Nd',
    'N',
    'P',
    'S',
    'Sm',
    'Z',
    'Cc',
    'C',
    'Cn',
    'Greek',
    'Latin',
    'Common',
    'Han',
    'Any',
  ];
  const atoms = fc.oneof(
    fc.constantFrom(
      ...classes.flatMap((name) => [`\\p{${name}}`, `\\P{${name}}`, `[^\\p{${name}}]`, `[\\p{${name}}_]`]),
    ),
    fc.constantFrom('\\w', '\\W', '\\d', '\\s', '.', '[[:alpha:]]', '[[:^punct:]]', '[^a-f]', '\\b', '^', '$', '\\pN'),
    fc.constantFrom(
      'k',
      'K',
      's',
      'S',
      'i',
      'I',
      '\u212a',
      '\u017f',
      '\u0131',
      '\u0130',
      '\u00b5',
      '\u00df',
      '[α-ω]',
      '[\u0100-\u2200]',
    ),
  );
  const patterns = fc
    .tuple(
      fc.constantFrom('', '(?i)', '(?s)'),
      fc.array(fc.tuple(atoms, fc.constantFrom('', '', '+', '*', '?')), { minLength: 1, maxLength: 4 }),
    )
    .map(
      ([flags, parts]) =>
        flags + parts.map(([atom, times]) => (/^[\^$]|\\b/.test(atom) ? atom : atom + times)).join(''),
    );
  const kernels = fc.string({ unit: fc.constantFrom(...'kKsSiI019.-_+~elx86'), maxLength: 12 });

  test('gives the same answer for every pattern and every kernel name', () => {
    const same = fc.property(patterns, kernels, (pattern, kernel) =>
      assert.equal(find(trimmed, pattern, kernel), find(RE2JS, pattern, kernel)),
    );
    fc.assert(same, { numRuns: 3000 });
  });

  test('gives the same answer for every ASCII character and every class of one name', () => {
    for (const name of classes) {
      for (const pattern of [`\\p{${name}}`, `\\P{${name}}`, `(?i)\\p{${name}}`, `(?i)[^\\p{${name}}]`]) {
        for (let code = 0; code < 128; code += 1) {
          const text = String.fromCharCode(code);
          assert.equal(find(trimmed, pattern, text), find(RE2JS, pattern, text), `${pattern} on ${code}`);
        }
      }
    }
  });

  test('does so because it was trimmed: behind ASCII the answers differ', () => {
    assert.deepEqual([find(RE2JS, '\\p{Greek}', 'α'), find(trimmed, '\\p{Greek}', 'α')], [true, false]);
  });
});

function find(engine: typeof RE2JS, pattern: string, text: string): boolean | string {
  try {
    return engine.compile(pattern).matcher(text).find();
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
}
