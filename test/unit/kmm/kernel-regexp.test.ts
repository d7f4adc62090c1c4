import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileKernelRegexp } from '../../../shared/kmm/kernel-regexp.ts';

const kernel = '6.0.15-300.fc37.x86_64';

/** What Go's regexp package (1.26) itself answered: KMM's own engine. */
const recorded: [pattern: string, text: string, answer: boolean | 'invalid'][] = [
  ['6\\.0\\.15', kernel, true],
  ['fc37|el9', kernel, true],
  ['^fc37', kernel, false],
  ['64$', kernel, true],
  ['64\\z', kernel, true],
  ['64\\Z', kernel, 'invalid'],
  ['\\A6', kernel, true],
  ['(?i)FC37', kernel, true],
  ['FC37', kernel, false],
  ['(?P<n>fc)37', kernel, true],
  ['(?<n>fc)37', kernel, true],
  ['(?P<n>6)(?P<n>\\.)', kernel, true],
  ['\\Q.fc37.\\E', kernel, true],
  ['\\Q.fc37', kernel, true],
  ['[[:digit:]]+', kernel, true],
  ['[[:alpha:]]{6}', kernel, false],
  ['[]5]', '5', true],
  ['[^]5]', '5', false],
  ['[]', kernel, 'invalid'],
  ['\\a', kernel, false],
  ['\\a', 'a', false],
  ['\\z', 'z', true],
  ['\\u0035', kernel, 'invalid'],
  ['\\x35', kernel, true],
  ['x{1000}', kernel, false],
  ['x{1001}', kernel, 'invalid'],
  ['(x{100}){100}', kernel, 'invalid'],
  ['^.$', '😀', true],
  ['^..$', '😀', false],
  ['^.$', 'ü', true],
  ['.', '\n', false],
  ['(?s).', '\n', true],
  ['a$', 'a\n', false],
  ['(?m)a$', 'a\n', true],
  ['(?=6)', kernel, 'invalid'],
  ['(?!6)', kernel, 'invalid'],
  ['(?<=6)', kernel, 'invalid'],
  ['(?<!6)', kernel, 'invalid'],
  ['(6)\\1', kernel, 'invalid'],
  ['\\pN', kernel, true],
  ['\\p{Greek}', 'α', true],
  ['\\p{Foo}', kernel, 'invalid'],
  ['\\d+\\.\\d+', kernel, true],
  ['\\bfc37\\b', kernel, true],
  ['\\C', kernel, 'invalid'],
  ['a**', kernel, 'invalid'],
  ['a{,5}', 'a{,5}', true],
  ['a{1,', 'a{1,', true],
  ['*', kernel, 'invalid'],
  ['(', kernel, 'invalid'],
  ['\\', kernel, 'invalid'],
  ['\\_', '_', true],
  ['\\-', '-', true],
  ['\\e', kernel, 'invalid'],
  ['(?U)6+', kernel, true],
  ['(?x) 6', kernel, 'invalid'],
  ['(?>6)', kernel, 'invalid'],
  ['(?#c)6', kernel, 'invalid'],
  ['^.+\\fc37\\.x86_64$', kernel, false],
  ['^.+\\.fc37\\.x86_64$', kernel, true],
  ['(?i)k', 'K', true],
  ['(?i)s', 'ſ', true],
  ['', kernel, true],
  ['(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', false],
  ['(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x', '666666666666666666666666666666666666666666666666666666666666', false],
];
for (const [pattern, text, answer] of recorded) {
  test(`${JSON.stringify(pattern)} on ${JSON.stringify(text)} is ${answer}, as in Go`, () => {
    const regexp = compileKernelRegexp(pattern);
    assert.equal(regexp.kind === 'invalid' ? 'invalid' : regexp.matches(text), answer);
  });
}

test('patterns that would cost much time to compile are refused', () => {
  for (const pattern of ['a'.repeat(1025), 'x{1000}'.repeat(6), 'x{0,1000}'.repeat(6)]) {
    assert.equal(compileKernelRegexp(pattern).kind, 'invalid', pattern);
  }
});
