import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeFolders } from './rooms.ts';
import { judgeLength, judgeSource } from './source-rules.ts';
import { listFiles, listSources, read } from './source-tree.ts';

test('no file says what its folder must not say', () => {
  const sources = listSources(...codeFolders).filter(({ path }) => !path.startsWith('test/architecture/'));
  assert.deepEqual(
    sources.flatMap(({ path, source }) => judgeSource(path, source)),
    [],
  );
});

describe('the source rules refuse', () => {
  const forbidden: [what: string, path: string, source: string][] = [
    ['the environment in a pure room', 'shared/kmm/a.ts', "const x = process.env['HOME'];"],
    ['the clock in a pure room', 'shared/reconcile/a.ts', 'const t = Date.now();'],
    ['the present date in a pure room', 'shared/reconcile/a.ts', 'const t = new Date();'],
    ['chance in a pure room', 'shared/desired/a.ts', 'const x = Math.random();'],
    ['random names in a pure room', 'shared/desired/a.ts', "import { randomUUID } from 'node:crypto';"],
    ['requests in a pure room', 'shared/oci/a.ts', "await fetch('http://example.com');"],
    ['default exports', 'infra/a.ts', 'export default function main() {}'],
    ['enums', 'shared/kmm/a.ts', "export enum State { Ready = 'Ready' }"],
    ['namespaces', 'test/unit/a.ts', 'namespace A {}'],
  ];
  for (const [what, path, source] of forbidden) {
    test(what, () => assert.equal(judgeSource(path, source).length, 1));
  }
  test('files of more than 220 lines', () => {
    assert.deepEqual(judgeLength('shared/a.ts', 'x\n'.repeat(220)), []);
    assert.equal(judgeLength('shared/a.ts', 'x\n'.repeat(221)).length, 1);
  });
});

test('the source rules let pass clocks outside pure rooms, dates made from arguments, and prose', () => {
  assert.deepEqual(judgeSource('shared/runtime/a.ts', 'const t = Date.now();'), []);
  assert.deepEqual(judgeSource('shared/kmm/a.ts', 'const t = new Date(text);'), []);
  assert.deepEqual(judgeSource('shared/kmm/a.ts', '// Date.now() is an argument\n/** never process.env */\n'), []);
});

test('no file of the product is too long for one idea', () => {
  const sources = listSources('functions', 'shared', 'infra');
  assert.deepEqual(
    sources.flatMap(({ path, source }) => judgeLength(path, source)),
    [],
  );
});

test('code lies in functions, shared, infra and test only', () => {
  const code = listFiles().filter((path) => /\.([cm]?[jt]s|tsx|jsx)$/.test(path));
  assert.deepEqual(
    code.filter((path) => !codeFolders.some((folder) => path.startsWith(`${folder}/`))),
    [],
  );
});

test('every function has a handler that only wires, and a use case of its name', () => {
  const names = new Set(listSources('functions').map(({ path }) => path.split('/')[1] ?? ''));
  const wrong = [...names].flatMap((name) => judgeFunction(name, listFiles(`functions/${name}`)));
  assert.deepEqual(wrong, []);
});

test('every adapter folder makes its port with a createX function', () => {
  const folders = Map.groupBy(listSources('shared/adapters'), ({ path }) => path.split('/')[2] ?? '');
  const without = [...folders]
    .filter(([folder]) => !toolFolders.includes(folder))
    .filter(([, files]) => !files.some(({ source }) => /^export (async )?function create[A-Z]/m.test(source)));
  assert.deepEqual(
    without.map(([folder]) => `shared/adapters/${folder}: no file exports a function createX(options): Port`),
    [],
  );
});

/** Folders under shared/adapters that hold what several adapters use (request signing), so make no port. */
const toolFolders = ['aws-signature'];

function judgeFunction(name: string, files: string[]): string[] {
  const handler = `functions/${name}/handler.ts`;
  const useCase = `functions/${name}/${name}.ts`;
  const missing = [handler, useCase].filter((file) => !files.includes(file)).map((file) => `${file}: missing`);
  if (missing.length > 0) return missing;
  const text = read(handler);
  const lines = text.split('\n').length - 1;
  return [
    ...(/^export const handler\b/m.test(text) ? [] : [`${handler}: exports no const handler`]),
    ...(lines <= 50 ? [] : [`${handler}: ${lines} lines; a handler only wires (schema, use case, dependencies)`]),
  ];
}
