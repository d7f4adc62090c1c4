import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of re2js the parts of its Unicode tables behind ASCII. Functions match regexps on kernel names only, which
 * are ASCII, and there it changes no answer: `\p{L}` still holds the letters, `\p{Greek}` still exists (and matches
 * nothing, as before). The tables are a ninth of what a cold start would read.
 */
export const leanRe2js: Plugin = {
  name: 'lean-re2js',
  setup(build) {
    build.onLoad({ filter: /[\\/]re2js[\\/]build[\\/]index\.js$/ }, async ({ path }) => {
      const { contents, tables } = cutTables(await readFile(path, 'utf8'));
      if (tables < 200) throw new Error(`re2js: ${tables} tables found, so it changed its form: see lean-re2js.ts`);
      return { contents: cutExtras(contents), loader: 'js' };
    });
  },
};

/**
 * What re2js has besides: sets of patterns and translating JavaScript's, which nothing of ours touches; and engines that only
 * make long texts faster. Without them it answers with the backtracker (linear too) and the machine, as it does where
 * they give up. A kernel's name has 64 characters.
 */
const extras: readonly [section: string, instead: string][] = [
  ['DFA', 'var DFA = class { match() { return null; } };'],
  ['OnePass', 'var OnePass = class { static compile() { return null; } };'],
  [
    'Prefilter',
    'var Prefilter = class { static Type = { NONE: 0 }; }; var PrefilterTree = { build: () => ({ type: 0 }) };',
  ],
  ['Set', 'var RE2Set = class { static UNANCHORED = 0; };'],
  ['TranslateRegExpString', 'var TranslateRegExpString = class {};'],
];

/** Each source file of re2js is a section of its bundle, with its name in a comment before it. */
function cutExtras(source: string): string {
  return extras.reduce((text, [section, instead]) => {
    const from = text.indexOf(`// src/${section}.js\n`);
    const to = text.indexOf('\n// src/', from + 1);
    if (from < 0 || to < 0) throw new Error(`re2js: the section ${section} is gone: see lean-re2js.ts`);
    return text.slice(0, from) + instead + text.slice(to);
  }, source);
}

/**
 * re2js writes a table as base64 VLQ of `from, to, stride` (no stride where all are 1), and the orbits of case folding
 * as `rune, next`, each number but strides as a difference.
 */
function cutTables(source: string): { contents: string; tables: number } {
  let tables = 0;
  const contents = source
    .replace(/\bdecodeRanges\("([^"]*)", (true|false)\)/g, (_call, text: string, plain: string) => {
      tables += 1;
      return `decodeRanges("${cutRanges(text, plain === 'true' ? 2 : 3)}", ${plain})`;
    })
    .replace(/\bdecodeOrbit\("([^"]*)"\)/, (_call, text: string) => `decodeOrbit("${cutOrbits(text)}")`);
  return { contents, tables };
}

const lastAscii = 0x7f;

function cutRanges(text: string, width: 2 | 3): string {
  const numbers = decodeVlq(text);
  const kept: number[] = [];
  let at = 0;
  let end = 0;
  for (let i = 0; i < numbers.length; i += width) {
    const from = at + (numbers[i] ?? 0);
    at = from + (numbers[i + 1] ?? 0);
    if (from > lastAscii) break;
    const stride = width === 2 ? 1 : (numbers[i + 2] ?? 1);
    const to = Math.min(at, from + Math.floor((lastAscii - from) / stride) * stride);
    kept.push(from - end, to - from, ...(width === 2 ? [] : [stride]));
    end = to;
  }
  return kept.map(encodeVlq).join('');
}

/** Of the orbits stay those that pass through ASCII (`K` is also the Kelvin sign), with what keeps a rune out of them. */
function cutOrbits(text: string): string {
  const numbers = decodeVlq(text);
  const kept: number[] = [];
  let rune = 0;
  let end = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    rune += numbers[i] ?? 0;
    const zigzag = numbers[i + 1] ?? 0;
    const next = rune + ((zigzag >>> 1) ^ -(zigzag & 1));
    if (!touchesAscii(rune) && !touchesAscii(next)) continue;
    kept.push(rune - end, zigzag);
    end = rune;
  }
  return kept.map(encodeVlq).join('');
}

/** Where an orbit is gone, re2js asks JavaScript for the upper and lower case. */
function touchesAscii(rune: number): boolean {
  const text = String.fromCodePoint(rune);
  return [text, text.toLowerCase(), text.toUpperCase()].some((form) => (form.codePointAt(0) ?? 0) <= lastAscii);
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-';

function decodeVlq(text: string): number[] {
  return [...text.matchAll(/[g-z0-9+-]*[A-Za-f]/g)].map(([number]) =>
    [...number].reduceRight((value, digit) => (value << 5) | (digits.indexOf(digit) & 31), 0),
  );
}

function encodeVlq(value: number): string {
  return value < 32 ? (digits[value] ?? '') : (digits[(value & 31) | 32] ?? '') + encodeVlq(value >>> 5);
}
