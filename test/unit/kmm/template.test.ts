import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTemplate } from '../../../shared/kmm/template/render-template.ts';
import { templateVariables } from '../../../shared/kmm/template/template-variables.ts';

const variables = {
  values: new Map([
    ['KERNEL_XYZ', '6.0.15'],
    ['A', '1'],
    ['E', ''],
  ]),
  unavailable: new Set<string>(),
};

/** What a8m/envsubst 1.4.2 itself answered, with the same variables; null where it gave an error. */
const recorded: [template: string, text: string | null][] = [
  ['plain', 'plain'],
  ['$A', '1'],
  ['${A}', '1'],
  ['x$A.y', 'x1.y'],
  ['$A_x', ''],
  ['${A}_x', '1_x'],
  ['${X}', ''],
  ['$X', ''],
  ['$$A', '$A'],
  ['$$$A', '$1'],
  ['$$', '$'],
  ['$', '$'],
  ['a$', 'a$'],
  ['$-', '$-'],
  ['$_', '$_'],
  ['$_A', ''],
  ['$1', ''],
  ['${A-d}', '1'],
  ['${X-d}', 'd'],
  ['${E-d}', ''],
  ['${A:-d}', '1'],
  ['${X:-d}', 'd'],
  ['${E:-d}', 'd'],
  ['${A=d}', '1'],
  ['${X=d}', 'd'],
  ['${E=d}', ''],
  ['${A:=d}', '1'],
  ['${X:=d}', 'd'],
  ['${E:=d}', 'd'],
  ['${A+o}', 'o'],
  ['${X+o}', ''],
  ['${E+o}', 'o'],
  ['${A:+o}', 'o'],
  ['${X:+o}', ''],
  ['${E:+o}', 'o'],
  ['${X:-$A}', '1'],
  ['${X:-$A+c}', ''],
  ['${X:-a$A}', 'a$A'],
  ['${X:-}', ''],
  ['${A:+}', '1'],
  ['${X:-a-b:c}', 'a-b:c'],
  ['${X:-a b}', 'a b'],
  ['${X:-é}', 'é'],
  ['${é}', ''],
  ['$é', ''],
  ['${V:0:3}', ''],
  ['${KERNEL_XYZ:0:3}', '6.0.15'],
  ['${KERNEL_XYZ#6}', '6.0.15'],
  ['${KERNEL_XYZ%5}', '6.0.15'],
  ['${KERNEL_XYZ/a/b}', '6.0.15'],
  ['${KERNEL_XYZ^^}', '6.0.15'],
  ['${KERNEL_XYZ:?x}', '6.0.15'],
  ['${#A}', ''],
  ['${!A}', ''],
  ['${}', '${}'],
  ['${_}', '${_}'],
  ['${-x}', '${-x}'],
  ['${A', null],
  ['${A:', null],
  ['${A:}', null],
  ['${A\n}', null],
  ['${X:-a\nb}', null],
  ['${X:-${A}}', '}'],
  ['${A:-${E}}', '1}'],
  ['${$A}', ''],
  ['${ A}', ''],
  ['${A }', '1'],
  ['{A}', '{A}'],
  ['$(A)', '$(A)'],
  ['%A%', '%A%'],
  ['${X:-$_${A}}', '$_${A}'],
  ['${_}$A', null],
  ['${_}${A}', '${_}1'],
];
for (const [template, text] of recorded) {
  test(`${JSON.stringify(template)} becomes ${JSON.stringify(text)}, as in KMM's engine`, () => {
    const rendered = renderTemplate(template, variables);
    assert.equal(rendered.kind === 'rendered' ? rendered.text : null, text);
  });
}

for (const template of ['${X:-$_}', '${X:-a$_}', '${X-$_', 'x${A+$_}y']) {
  test(`${template}, on which KMM's engine never returns, is an error`, () => {
    const rendered = renderTemplate(template, variables);
    assert.equal(rendered.kind, 'invalid');
  });
}

test('the variables of a kernel are those that KMM documents', () => {
  const { values } = templateVariables({ namespace: 'ns', name: 'mod' }, '6.0.15-300.fc37.x86_64');
  assert.deepEqual(Object.fromEntries(values), {
    KERNEL_FULL_VERSION: '6.0.15-300.fc37.x86_64',
    KERNEL_VERSION: '6.0.15-300.fc37.x86_64',
    KERNEL_XYZ: '6.0.15',
    KERNEL_X: '6',
    KERNEL_Y: '0',
    KERNEL_Z: '15',
    MOD_NAME: 'mod',
    MOD_NAMESPACE: 'ns',
  });
});

test('a kernel of two components has no KERNEL_X, and only using it is an error', () => {
  const two = templateVariables({ namespace: 'ns', name: 'mod' }, '5.10');
  assert.deepEqual(renderTemplate('a:$KERNEL_VERSION', two), { kind: 'rendered', text: 'a:5.10' });
  assert.equal(renderTemplate('a:$KERNEL_X', two).kind, 'invalid');
  assert.equal(renderTemplate('a:${KERNEL_XYZ:-d}', two).kind, 'invalid');
  assert.deepEqual(renderTemplate('a:${MOD_NAME:-$KERNEL_XYZ}', two), { kind: 'rendered', text: 'a:mod' });
});
