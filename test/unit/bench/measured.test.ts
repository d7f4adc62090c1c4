import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Measured, overBudget, toTable } from '../../bench/support/measured.ts';

const all: Measured[] = [
  { bench: 'cold start', what: 'CPU', value: 2.504, unit: '× empty function', most: 2.5 },
  { bench: 'joins', what: 'DaemonSets applied', value: 30, unit: 'requests', most: 30 },
  { bench: 'joins', what: 'writes of a second run', value: 1, unit: 'requests', most: 0 },
  { bench: 'joins', what: 'time', value: 1000, unit: '× one GET' },
];

test('what is over its budget is named; what has none never is', () => {
  assert.deepEqual(overBudget(all), [
    'cold start: CPU: 2.504 × empty function, budget 2.5',
    'joins: writes of a second run: 1 requests, budget 0',
  ]);
});

test('a table has one line per number, and says the budget where there is one', () => {
  const [head = '', ...lines] = toTable(all).split('\n');
  assert.match(head, /^benchmark +what +value +unit +budget$/);
  assert.equal(lines.length, all.length);
  assert.match(lines[1] ?? '', /^joins +DaemonSets applied +30 +requests +30$/);
  assert.match(lines[3] ?? '', /1000 +× one GET *$/);
});
