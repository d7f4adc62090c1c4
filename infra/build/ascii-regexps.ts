import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves out of re2js the parts of its Unicode tables behind ASCII. Functions match regexps on kernel names only, which
 * are ASCII, and there it changes no answer: `\p{L}` still holds the letters, `\p{Greek}` still exists (and matches
 * nothing, as before). The tables are a ninth of what a cold start would read. What re2js has besides matching one pattern
 * (sets of patterns, translating JavaScript's) is left out whole.
 */
export const asciiRegexps: Plugin = {
  name: 'ascii-regexps',
  setup(build) {
    build.onLoad({ filter: /[\\/]re2js[\\/]build[\\/]index\.js$/ }, async ({ path }) => {
      const { contents, tables } = cutTables(await readFile(path, 'utf8'));
      if (tables < 200) throw new Error(`re2js: ${tables} tables found, so it changed its form: see ascii-regexps.ts`);
      return { contents: cutExtras(contents), loader: 'js' };
    });
  },
};

/** The sections of its source files are marked; nothing of ours touches these two, and a call would say that they are gone. */
function cutExtras(source: string): string {
  const [from, to] = ['// src/Set.js', '// src/index.js'].map((mark) => source.indexOf(mark));
  if (from === undefined || to === undefined || from < 0 || to < from) {
    throw new Error('re2js: the sections of its source files are gone: see ascii-regexps.ts');
  }
  const stubs = 'var RE2Set = class { static UNANCHORED = 0; }; var TranslateRegExpString = class {};\n';
  return source.slice(0, from) + stubs + source.slice(to);
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
