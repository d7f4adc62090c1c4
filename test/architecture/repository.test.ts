import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { findImports } from './imports.ts';
import { codeFolders } from './rooms.ts';
import { listFiles, listSources, read, root } from './source-tree.ts';

const suites = ['unit', 'property', 'contract', 'integration', 'architecture', 'real'];
const Versions = z.record(z.string(), z.string());
const Package = z.object({
  scripts: Versions,
  dependencies: Versions.optional(),
  devDependencies: Versions,
  optionalDependencies: Versions,
});
const pkg = Package.parse(JSON.parse(read('package.json')));

test('every test file lies in a known suite', () => {
  const strays = listFiles()
    .filter((path) => /\.test\.[cm]?[jt]s$/.test(path))
    .filter((path) => !suites.some((suite) => path.startsWith(`test/${suite}/`) && path.endsWith('.ts')));
  assert.deepEqual(strays, []);
});

test('npm test runs every suite but the real one, which has a script of its own', () => {
  const named = pkg.scripts['test']?.split(' ').filter((word) => suites.includes(word));
  assert.deepEqual(named, suites.slice(0, -1));
  assert.match(pkg.scripts['test:real'] ?? '', / real$/);
});

test('dependencies are pinned to exact versions', () => {
  const all = { ...pkg.devDependencies, ...pkg.optionalDependencies };
  const loose = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  assert.deepEqual(loose, []);
});

test('every package that is imported is named in package.json', () => {
  const named = new Set(Object.keys(pkg.devDependencies));
  const imported = listSources(...codeFolders)
    .filter(({ path }) => !path.startsWith('test/architecture/') && !path.startsWith('test/integration/build/'))
    .flatMap(({ path, source }) => findImports(source).map((specifier) => ({ path, specifier })))
    .filter(({ specifier }) => !/^(node:|\.)/.test(specifier));
  const unnamed = imported.filter(({ specifier }) => !named.has(toPackageName(specifier)));
  assert.deepEqual(unnamed, []);
});

test('the package needs no dependency at run time: what we ship are bundles', () => {
  assert.deepEqual(pkg.dependencies ?? {}, {});
});

test('the lock file names no host, so that npm asks the registry of whoever installs', () => {
  const lock = read('package-lock.json');
  assert.doesNotMatch(lock, /"resolved"/);
  assert.doesNotMatch(lock.replaceAll(/"url": "[^"]*"/g, ''), /https?:\/\/[^"]*\.tgz/);
});

describe('no file holds a path of the machine that it was written on', () => {
  const own = [root, dirname(root), homedir()].filter((path) => path.split('/').length > 2).map((path) => `${path}/`);
  // Written with a class around the first letter, so that this file does not hold what it looks for.
  const usual = /(?<![\w.@-])\/([h]ome|[U]sers|[w]ork|[r]oot)\/[\w.]/;
  for (const path of listFiles().filter((file) => !/\.(gz|tar|ko|png|der|bin)$/.test(file))) {
    const text = read(path);
    const line = text.split('\n').find((part) => usual.test(part) || own.some((folder) => part.includes(folder)));
    if (line !== undefined) test(path, () => assert.fail(line.trim().slice(0, 200)));
  }
  test('and the search would find one', () => {
    assert.match(['', 'home', 'me', 'x'].join('/'), usual);
    assert.match(`"${['', 'work', 'main'].join('/')}"`, usual);
    const elsewhere = [
      '/var/lib/kubelet/pods',
      ['https://example.com', 'work', 'x'].join('/'),
      ['.', 'work', 'x'].join('/'),
    ];
    for (const path of elsewhere) assert.doesNotMatch(path, usual);
  });
});

/** `@scope/name/sub` → `@scope/name`, `name/sub` → `name` */
function toPackageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
