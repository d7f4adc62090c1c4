import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  kernelComponents,
  matchedKernelVersion,
  normalizeKernelVersion,
} from '../../../shared/kernel/kernel-version.ts';
import { applyDefaults } from '../../../shared/kmm/apply-defaults.ts';
import { compileKernelRegexp } from '../../../shared/kmm/kernel-regexp.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { parseModule } from '../../../shared/kmm/parse-module.ts';
import { resolveModule } from '../../../shared/kmm/resolve-module.ts';
import { parseTemplate } from '../../../shared/kmm/template/parse-template.ts';
import { renderTemplate } from '../../../shared/kmm/template/render-template.ts';
import { templateVariables } from '../../../shared/kmm/template/template-variables.ts';
import { tokenizeTemplate } from '../../../shared/kmm/template/tokenize-template.ts';
import { build, devicePlugin, dra, rawModule, sign } from '../../builders/module.ts';

const rich = rawModule({
  metadata: { annotations: { 'kmm.node.kubernetes.io/loader-shape': 'copy' } },
  modprobe: { modulesLoadingOrder: ['acme', 'base'], args: { load: ['-v'] }, dirName: '/opt/' },
  container: { build: { ...build, buildArgs: [{ name: 'A', value: 'b' }] }, sign, inTreeModulesToRemove: ['old'] },
  mapping: { sign, build, registryTLS: { insecure: true } },
});
const richSpec = { ...Object(rich['spec']), devicePlugin, dra, tolerations: [{ key: 'a', operator: 'Exists' }] };
const paths = leaves({ ...rich, spec: richSpec });
const kernels = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9.+~a-z-]{1,20}$/));
const templates = fc
  .array(
    fc.constantFrom(
      '$',
      '${',
      '}',
      '$$',
      'A',
      '_',
      '$_',
      ':',
      '-',
      '=',
      '+',
      ':-',
      ':+',
      '#',
      ' ',
      'é',
      '😀',
      '\n',
      '{',
      '1',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

/** A Module with one of its fields replaced by anything. */
const broken = fc
  .tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }))
  .map(([path, value]) => put({ ...rich, spec: richSpec }, path, value));

test('whatever comes in, linting and resolving answer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.anything(), broken), kernels, (raw, kernelVersion) => {
      const isInvalid = lintModule(raw).some(({ severity }) => severity === 'error');
      const { outcome } = resolveModule(raw, kernelVersion);
      if (isInvalid) assert.equal(outcome, 'invalid');
    }),
    { numRuns: 800 },
  );
});

test('findings name the Module, a path and a rule, and say something', () => {
  fc.assert(
    fc.property(broken, (raw) => {
      for (const finding of lintModule(raw)) {
        assert.deepEqual(Object.keys(finding).sort(), ['message', 'module', 'namespace', 'path', 'rule', 'severity']);
        assert.match(finding.rule, /^[a-z]+(-[a-z]+)*$/);
        assert.ok(finding.message.length > 10);
      }
    }),
  );
});

test('defaults filled in twice are as once, and change no finding', () => {
  fc.assert(
    fc.property(broken, (raw) => {
      const parsed = parseModule(raw);
      if (parsed.kind === 'invalid') return;
      const once = applyDefaults(parsed.module);
      assert.deepEqual(applyDefaults(once), once);
      assert.deepEqual(rulesOf(once), rulesOf(parsed.module));
    }),
  );
});

test('templates end, lose no token, and text without a dollar stays as it is', () => {
  const variables = templateVariables({ namespace: 'n', name: 'm' }, '6.1.0');
  fc.assert(
    fc.property(templates, (template) => {
      const tokens = tokenizeTemplate(template);
      assert.ok(tokens.length <= template.length + 2);
      const rendered = renderTemplate(template, variables);
      assert.equal(rendered.kind === 'invalid', parseTemplate(template).kind === 'invalid');
      if (!template.includes('$')) assert.deepEqual(rendered, { kind: 'rendered', text: template });
    }),
    { numRuns: 3000 },
  );
});

test('a normal form holds only what a tag may, one character for each rune', () => {
  fc.assert(
    fc.property(kernels, (kernelVersion) => {
      const normalized = normalizeKernelVersion(kernelVersion);
      assert.match(normalized, /^[A-Za-z0-9._-]*$/);
      assert.equal(normalized.length, [...matchedKernelVersion(kernelVersion)].length);
      assert.equal(kernelComponents(normalized).join('').length <= normalized.length, true);
    }),
  );
});

test('a quoted kernel is found in itself, in any surroundings, and never elsewhere', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9._+~-]{1,30}$/);
  fc.assert(
    fc.property(name, name, (kernel, other) => {
      const quoted = compileKernelRegexp(`\\Q${kernel}\\E`);
      const anchored = compileKernelRegexp(`^\\Q${kernel}\\E$`);
      assert.ok(quoted.kind === 'compiled' && anchored.kind === 'compiled');
      assert.equal(quoted.matches(`${other}${kernel}${other}`), true);
      assert.equal(quoted.matches(other), other.includes(kernel));
      assert.equal(anchored.matches(other), other === kernel);
    }),
  );
});

test('any pattern either compiles or says why not, and answers soon', () => {
  const pieces = fc.constantFrom(
    'a',
    '.',
    '(',
    ')',
    '[',
    ']',
    '*',
    '+',
    '?',
    '|',
    '\\',
    '\\Q',
    '\\d',
    '{2}',
    '{1000}',
    '^',
    '$',
    '(?i)',
    '(a+)+',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const regexp = compileKernelRegexp(parts.join(''));
      if (regexp.kind === 'invalid') assert.ok(regexp.reason.length > 0);
      else assert.equal(typeof regexp.matches('a'.repeat(64)), 'boolean');
    }),
    { numRuns: 500 },
  );
});

function rulesOf(module: unknown): string[] {
  return lintModule(module).map(({ rule, path }) => `${rule} ${path}`);
}

function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]))];
}

function put(value: unknown, [key, ...rest]: string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? put(item, rest, replacement) : item));
  return { ...Object(value), [key]: put(Object(value)[key], rest, replacement) };
}
