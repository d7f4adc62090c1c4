import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import {
  type CelRule,
  celRegexp,
  celString,
  toExpression,
  toValidation,
} from '../../../infra/kubernetes/crd/cel-rule.ts';
import * as build from '../../../infra/kubernetes/crd/rules/build.ts';
import * as container from '../../../infra/kubernetes/crd/rules/container.ts';
import * as image from '../../../infra/kubernetes/crd/rules/image.ts';
import * as modprobe from '../../../infra/kubernetes/crd/rules/modprobe.ts';
import * as patterns from '../../../infra/kubernetes/crd/rules/patterns.ts';
import * as plugin from '../../../infra/kubernetes/crd/rules/plugin.ts';
import * as sign from '../../../infra/kubernetes/crd/rules/sign.ts';
import * as spec from '../../../infra/kubernetes/crd/rules/spec.ts';
import * as tolerations from '../../../infra/kubernetes/crd/rules/tolerations.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { decidingRules } from '../../../shared/kmm/rules/deciding-rules.ts';
import { rawModule } from '../../builders/module.ts';
import { crdOnly, lintOnly, refusedModules } from '../../builders/refused-modules.ts';

// CEL itself runs on a real API server only (test/real/cluster): here is what can be said of rules without one.
const rules = [build, container, image, modprobe, plugin, sign, spec, tolerations]
  .flatMap((file) => Object.values(file))
  .flatMap((exported): readonly CelRule[] => (Array.isArray(exported) ? exported : []));
const errorsOf = (raw: unknown) => lintModule(raw).filter(({ severity }) => severity === 'error');

test('every rule is one of lint, but that a version is kept', () => {
  const ids = new Set(decidingRules.flatMap((set) => set.ids));
  assert.deepEqual([...new Set(rules.map(({ id }) => id).filter((id) => !ids.has(id)))], ['version-kept']);
});

describe('a rule says what lint says', () => {
  const inWords = refusedModules.filter(({ says, rule }) => says === undefined && rule !== 'name-length');
  assert.ok(inWords.length > 40);
  for (const { rule, module } of inWords) {
    test(`${rule} of ${JSON.stringify(module).slice(0, 90)}`, () => {
      const messages = errorsOf(rawModule(module)).flatMap((found) => (found.rule === rule ? [found.message] : []));
      const texts = rules.filter(({ id }) => id === rule).map(({ says }) => says.split('{}'));
      assert.ok(
        texts.some((parts) => messages.some((message) => parts.every((part) => message.includes(part)))),
        `lint: ${messages.join()}; CEL: ${texts.join()}`,
      );
    });
  }
});

test('the tables of both sides are right about lint', () => {
  for (const { rule, module } of [...refusedModules, ...lintOnly]) {
    assert.ok(
      errorsOf(rawModule(module)).some((found) => found.rule === rule),
      JSON.stringify(module),
    );
  }
  for (const { module } of crdOnly) assert.deepEqual(errorsOf(rawModule(module)), []);
});

test('the patterns on images refuse nothing that lint takes', () => {
  const variable = fc.constantFrom(
    '${KERNEL_FULL_VERSION}',
    '$KERNEL_XYZ',
    '${MOD_NAME}',
    '${X:-b/c:d}',
    '${X-}',
    '$X',
    '${X:=v1}',
  );
  const piece = fc.oneof(
    fc.constantFrom(
      'r.example',
      'r.example:5000',
      '[::1]:5000',
      'localhost',
      'a',
      'a-b',
      'a_b',
      'a.b',
      'Team',
      'latest',
    ),
    fc.constantFrom(
      '/',
      '/',
      ':',
      ':',
      '@',
      `@sha256:${'a'.repeat(64)}`,
      '$',
      '$$',
      '{',
      '}',
      ' ',
      '+',
      '..',
      'V1',
      '_',
    ),
    variable,
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(''));
  let taken = 0;
  const check = (containerImage: string) => {
    if (errorsOf(rawModule({ container: { containerImage } })).length > 0) return;
    taken++;
    assert.ok(find(patterns.tagged, containerImage), `no tag is seen in ${containerImage}`);
    assert.ok(find(patterns.reference, containerImage), `no reference is seen in ${containerImage}`);
    assert.ok(find(patterns.template, containerImage), `no template is seen in ${containerImage}`);
    assert.ok(
      !find(patterns.openBrace, containerImage) && !find(patterns.endlessDefault, containerImage),
      containerImage,
    );
  };
  const plain = fc.tuple(fc.constantFrom('r.example/', '[::1]:5000/', 'localhost/', 'team/', ''), text, text);
  fc.assert(fc.property(text, check), { numRuns: 500 });
  fc.assert(
    fc.property(plain, ([host, name, tag]) => check(`${host}a${name}:${tag}`)),
    { numRuns: 1500 },
  );
  assert.ok(taken > 50, `only ${taken} of the texts were taken by lint`);
});

test('the pattern on host paths takes what lint takes, but for ".."', () => {
  const part = fc.constantFrom('dev', 'var', 'sys', 'opt', 'run', 'etc', 'devil', '.', '', 'x');
  const path = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  const mounted = (text: string) => ({
    spec: {
      devicePlugin: { container: { image: 'r.example/p:1' }, volumes: [{ name: 'v', hostPath: { path: text } }] },
    },
  });
  fc.assert(
    fc.property(path, (text) => {
      assert.equal(find(patterns.openHostPath, text), errorsOf(rawModule(mounted(text))).length === 0, text);
    }),
    { numRuns: 500 },
  );
});

test('no pattern holds a quote, which would end its literal', () => {
  for (const pattern of Object.values(patterns)) assert.ok(!pattern.includes("'"), pattern);
  assert.equal(celRegexp(String.raw`\d`), String.raw`r'\d'`);
});

test('texts become literals of CEL', () => {
  assert.equal(celString(`it's "a" \\ b\n`), String.raw`'it\'s "a" \\ b\n'`);
  assert.equal(toExpression('"{}" is wrong', 'self'), `'"' + self + '" is wrong'`);
});

test('a message without a value costs no expression', () => {
  assert.deepEqual(toValidation({ id: 'a', rule: 'true', says: 'wrong' }), { rule: 'true', message: 'wrong' });
});

function find(pattern: string, text: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}
