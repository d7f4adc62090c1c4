import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRepositoryName, isTag } from '../../../infra/local/registry/names.ts';

const repositories: [name: string, valid: boolean][] = [
  ['a', true],
  ['ns/my-kmod', true],
  ['a.b/c_d/e__f/g--h', true],
  ['', false],
  ['A', false],
  ['a//b', false],
  ['/a', false],
  ['a/', false],
  ['..', false],
  ['a/../b', false],
  ['a/_tags/b', false],
  ['a..b', false],
  ['a/.b', false],
  ['a\\b', false],
  ['a\u0000b', false],
  ['a\n', false],
  [`${'a/'.repeat(127)}a`, true],
  [`${'a/'.repeat(128)}a`, false],
];
for (const [name, valid] of repositories) {
  test(`${JSON.stringify(name).slice(0, 40)} is ${valid ? 'a' : 'no'} repository name`, () => {
    assert.equal(isRepositoryName(name), valid);
  });
}

const tags: [tag: string, valid: boolean][] = [
  ['latest', true],
  ['6.1.0-50-cloud-amd64', true],
  ['_x', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['.hidden', false],
  ['-x', false],
  ['a/b', false],
  ['a:b', false],
  ['', false],
];
for (const [tag, valid] of tags) {
  test(`${JSON.stringify(tag).slice(0, 40)} is ${valid ? 'a' : 'no'} tag`, () => {
    assert.equal(isTag(tag), valid);
  });
}
