import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLabelSelector } from '../../../infra/local/cluster/store/label-selector.ts';

const rows: [selector: string, labels: Record<string, string>, matches: boolean][] = [
  ['', { a: '1' }, true],
  ['a=1', { a: '1' }, true],
  ['a = 1', { a: '1' }, true],
  ['a=', { a: '' }, true],
  ['a=', {}, false],
  ['a!=1', {}, true],
  ['a in (1,2),b', { a: '2', b: '' }, true],
  ['a in (1, 2)', { a: '3' }, false],
  ['a notin (1,2)', {}, true],
  ['!a', { a: '' }, false],
  ['kmm.node.kubernetes.io/ns.mod.ready', { 'kmm.node.kubernetes.io/ns.mod.ready': '' }, true],
  ['x.example/y=6.1.0-1_rt', { 'x.example/y': '6.1.0-1_rt' }, true],
  ['constructor', {}, false],
];

for (const [selector, labels, matches] of rows) {
  test(`"${selector}" ${matches ? 'matches' : 'does not match'} ${JSON.stringify(labels)}`, () => {
    assert.equal(parseLabelSelector(selector)(labels), matches);
  });
}

for (const broken of ['a in 1', 'a in (1', 'a b', '=1', 'a>b c']) {
  test(`"${broken}" is refused`, () => {
    assert.throws(() => parseLabelSelector(broken), { code: 'BadRequest' });
  });
}
