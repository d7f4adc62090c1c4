import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { bundle } from '../../../infra/build/bundle.ts';
import { listOverBudget, toTable } from '../../../infra/build/report.ts';
import { listTargets, type Target } from '../../../infra/build/targets.ts';

const sdkTree = {
  'node_modules/@aws-sdk/client-ecr/package.json': '{"name":"@aws-sdk/client-ecr","main":"index.js"}',
  'node_modules/@aws-sdk/client-ecr/index.js':
    "globalThis.loads = (globalThis.loads ?? 0) + 1; exports.answer = 'ecr';",
  'shared/adapters/ecr/sdk.ts': "export { answer } from '@aws-sdk/client-ecr';",
  'functions/f/handler.ts':
    "export const handler = async () => (await import('../../shared/adapters/ecr/sdk.ts')).answer;",
};

describe('a function that uses an AWS client', () => {
  test('has it in a file of its own, required on first use', async (t) => {
    const root = await plant(t, sdkTree);
    const { files, inputs } = await bundle(root, join(root, 'dist'), only(root));
    assert.deepEqual(
      files.map(({ file }) => file),
      ['index.js', 'ecr-sdk.cjs'],
    );
    assert.deepEqual(inputs, ['functions/f/handler.ts']);
    const { handler } = createRequire(import.meta.url)(join(root, 'dist/f/index.js'));
    assert.equal(Reflect.get(globalThis, 'loads'), undefined);
    assert.equal(await handler(), 'ecr');
    assert.equal(Reflect.get(globalThis, 'loads'), 1);
  });

  const refused: [what: string, tree: Record<string, string>, says: RegExp][] = [
    [
      'the SDK in the main file',
      { 'functions/f/handler.ts': "export { answer as handler } from '@aws-sdk/client-ecr';" },
      /may be named only in an adapter's sdk\.ts/,
    ],
    [
      'the SDK in the main file, even if loaded on demand',
      { 'functions/f/handler.ts': "export const handler = () => import('@aws-sdk/client-ecr');" },
      /may be named only in an adapter's sdk\.ts/,
    ],
    [
      'a static import of sdk.ts',
      { 'functions/f/handler.ts': "export { answer as handler } from '../../shared/adapters/ecr/sdk.ts';" },
      /must be loaded by a dynamic import/,
    ],
    [
      'an sdk.ts that brings our own code along a second time',
      {
        'shared/kmm/errors.ts': 'export class KmmError extends Error {}',
        'shared/adapters/ecr/sdk.ts':
          "export { answer } from '@aws-sdk/client-ecr';\nexport { KmmError } from '../../kmm/errors.ts';",
      },
      /may import packages only .* but holds shared\/kmm\/errors\.ts/,
    ],
    [
      'paths from import.meta, which mean another folder once bundled',
      { 'functions/f/handler.ts': 'export const handler = () => import.meta.dirname;' },
      /import\.meta/,
    ],
  ];
  for (const [what, tree, says] of refused) {
    test(`may not hold ${what}`, async (t) => {
      const root = await plant(t, { ...sdkTree, ...tree });
      await assert.rejects(bundle(root, join(root, 'dist'), only(root)), says);
    });
  }
});

test('a bundle is the same bytes each time, with its source map beside it and its folder CommonJS', async (t) => {
  const root = await plant(t, sdkTree);
  const texts = await Promise.all(
    ['one', 'two'].map(async (dist) => {
      await bundle(root, join(root, dist), only(root));
      const files = ['index.js', 'index.js.map', 'ecr-sdk.cjs', 'ecr-sdk.cjs.map', 'package.json'];
      return Promise.all(files.map((file) => readFile(join(root, dist, 'f', file), 'utf8')));
    }),
  );
  assert.deepEqual(texts[0], texts[1]);
  assert.match(texts[0]?.[0] ?? '', /^\/\/# sourceMappingURL=index\.js\.map$/m);
  assert.equal(texts[0]?.[4], '{"type":"commonjs"}\n');
});

test('a bundle over its budget is named, one within it is not', async (t) => {
  const root = await plant(t, sdkTree);
  const small = await bundle(root, join(root, 'dist'), only(root));
  const large = { ...small, target: { ...small.target, name: 'g', budget: 0.1 } };
  assert.equal(listOverBudget([small, large]).length, 1);
  assert.match(listOverBudget([small, large])[0] ?? '', /^g\/index\.js: .* KiB gzip, budget 0\.1 KiB$/);
  assert.match(toTable([small, large]), /f\/index\.js +\d+\.\d +\d+\.\d +110\n/);
});

describe('our own functions', () => {
  const root = join(import.meta.dirname, '../../..');
  const strangers = /node_modules\/(@kubernetes|@aws-sdk|@smithy|yaml|commander|@hono\/node-server)\/|^(infra|test)\//;
  const functions = listTargets(root).targets.filter(({ entry }) => entry.startsWith('functions/'));
  for (const target of functions) {
    test(`${target.name} is within its budget and holds nothing that belongs to programs`, async (t) => {
      const dist = await mkdtemp(join(tmpdir(), 'kmm-dist-'));
      t.after(() => rm(dist, { recursive: true }));
      const result = await bundle(root, dist, target);
      assert.deepEqual(listOverBudget([result]), []);
      assert.deepEqual(
        result.inputs.filter((input) => strangers.test(input)),
        [],
      );
      const { handler } = createRequire(import.meta.url)(join(dist, target.name, target.main));
      assert.equal(typeof handler, 'function');
    });
  }
});

async function plant(t: TestContext, files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'kmm-build-'));
  t.after(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

function only(root: string): Target {
  const [target] = listTargets(root).targets;
  assert.ok(target);
  return target;
}
