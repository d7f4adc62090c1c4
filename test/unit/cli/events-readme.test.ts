import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { sampleNames } from '../../../infra/cli/events/samples/samples.ts';
import { requirementsOf } from '../../../shared/events/sources/authentication.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const rows = readme.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
const headings = readme.split('\n').filter((line) => line.startsWith('#### '));

/** What the table's fourth column has to say of a source. */
const words = {
  secret: /secret/,
  signature: /HMAC/,
  'secret or signature': /secret or HMAC/,
  'identity token': /identity token/,
} as const;

suite("the README's table of registries", () => {
  for (const source of sampleNames) {
    test(`tells of ${source}: push, delete, authentication, what it is tested against, and how to set it up`, () => {
      const row = rows.find((cells) => cells[1] === `\`${source}\`` && cells.length === 7);
      assert.ok(row?.slice(2, 6).every((cell) => cell !== ''));
      assert.match(row?.[4] ?? '', words[requirementsOf(source).by]);
      assert.ok(headings.some((heading) => heading.includes(`\`${source}\``)));
    });
  }
});
