import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findImports, judgeImports } from './imports.ts';
import { codeFolders, rooms } from './rooms.ts';
import { listSources } from './source-tree.ts';

test('every file imports only what its room may', () => {
  const sources = listSources(...codeFolders);
  assert.ok(sources.length > 30, 'the source tree was not found');
  assert.deepEqual(
    sources.flatMap(({ path, source }) => judgeImports(path, source)),
    [],
  );
});

describe('the import rules refuse', () => {
  const forbidden: [what: string, path: string, source: string][] = [
    ['a port in a pure room', 'shared/kmm/a.ts', "import type { ClusterPort } from '../ports/cluster.ts';"],
    ['an adapter in a pure room', 'shared/events/sources/a.ts', "import { x } from '../../adapters/sqs/queue.ts';"],
    ['a file system in a pure room', 'shared/desired/a.ts', "import { readFileSync } from 'node:fs';"],
    ['an SDK in a pure room', 'shared/oci/a.ts', "import { ECRClient } from '@aws-sdk/client-ecr';"],
    ["another pure room's own library", 'shared/oci/a.ts', "import { CloudEvent } from 'cloudevents';"],
    ['cluster objects that import steps', 'shared/kubernetes/a.ts', "export { x } from '../steps/apply.ts';"],
    ['a package in a port', 'shared/ports/a.ts', "import * as z from 'zod';"],
    ['a step in an adapter', 'shared/adapters/sqs/a.ts', "import { x } from '../../steps/gather.ts';"],
    ['the web framework in an adapter', 'shared/adapters/sqs/a.ts', "import { Hono } from 'hono';"],
    ['an adapter in a step', 'shared/steps/a.ts', "import { x } from '../adapters/sqs/queue.ts';"],
    ['the runtime in a step', 'shared/steps/a.ts', "import { x } from '../runtime/config.ts';"],
    ['an SDK in the runtime', 'shared/runtime/a.ts', "import { ECRClient } from '@aws-sdk/client-ecr';"],
    ['an adapter in a function', 'functions/node-changed/a.ts', "import { x } from '../../shared/adapters/a/b.ts';"],
    ['another function in a function', 'functions/node-changed/a.ts', "import { x } from '../re-resolve/handler.ts';"],
    ['a function in shared', 'shared/runtime/a.ts', "import { x } from '../../functions/re-resolve/handler.ts';"],
    ['infra in shared', 'shared/runtime/a.ts', "import { x } from '../../infra/server/main.ts';"],
    ['a fake in the product', 'functions/node-changed/a.ts', "import { x } from '../../test/fakes/cluster.ts';"],
    ['a file outside the house', 'infra/a.ts', "import { x } from '../../elsewhere/a.ts';"],
    ['a file without its extension', 'infra/a.ts', "import { x } from './b';"],
    ['a file in no room', 'shared/utils/a.ts', ''],
    ['a dynamic import', 'shared/kmm/a.ts', "const fs = await import('node:fs');"],
    ['an import() type', 'shared/kmm/a.ts', "type S = import('node:fs').Stats;"],
    ['an import of many lines', 'shared/kmm/a.ts', "import {\n  readFile,\n  rm,\n} from 'node:fs/promises';"],
    ['an import for effect', 'shared/kmm/a.ts', "import 'node:fs';"],
    ['a re-export of all', 'shared/kmm/a.ts', "export * from '../steps/apply.ts';"],
    ['a require', 'shared/kmm/a.ts', "const fs = require('node:fs');"],
  ];
  for (const [what, path, source] of forbidden) {
    test(what, () => assert.equal(judgeImports(path, source).length, 1));
  }
});

test('the import rules let pass what the house allows', () => {
  const allowed: [path: string, source: string][] = [
    ['shared/kmm/a.ts', "import * as z from 'zod';\nimport { x } from '../kernel/version.ts';"],
    ['shared/events/sources/a.ts', "import { CloudEvent } from 'cloudevents';"],
    ['shared/adapters/ecr/a.ts', "const { ECRClient } = await import('@aws-sdk/client-ecr');"],
    ['shared/steps/a.ts', "import pLimit from 'p-limit';\nimport type { X } from '../ports/registry.ts';"],
    [
      'functions/re-resolve/handler.ts',
      "import { x } from './re-resolve.ts';\nimport { y } from '../../shared/runtime/a.ts';",
    ],
    ['infra/cli/a.ts', "import { x } from '../../functions/re-resolve/re-resolve.ts';\nimport yaml from 'yaml';"],
    ['shared/kmm/a.ts', "// as in import('node:fs')\n/** import 'node:fs'; */\nexport const a = 1;"],
  ];
  assert.deepEqual(
    allowed.flatMap(([path, source]) => judgeImports(path, source)),
    [],
  );
});

test('imports of every form are found', () => {
  const source = `import a from 'a';
import type { B } from 'b';
import { c, type C } from 'c';
import * as d from 'd';
import 'e';
export { f } from 'f';
export type { G } from 'g';
export * as h from 'h';
export const i = await import('i');
`;
  assert.deepEqual(findImports(source).sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
});

test('no room is listed behind one that holds it', () => {
  rooms.forEach(({ room }, index) => {
    const before = rooms.slice(0, index).find((other) => room.startsWith(`${other.room}/`));
    assert.equal(before, undefined, `${room} is never reached`);
  });
});
