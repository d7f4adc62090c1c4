import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenCache } from '../../../shared/oci/token-cache.ts';

test('a token is made once for all who ask at the same time', async () => {
  const cache = createTokenCache<{ expiresAt: number }>(10, () => new Date(0));
  let made = 0;
  const make = async () => ({ expiresAt: 1000 + ++made });
  const answers = await Promise.all([cache.get('k', make), cache.get('k', make), cache.get('other', make)]);
  assert.deepEqual(
    answers.map(({ token, cached }) => [token.expiresAt, cached]),
    [
      [1001, false],
      [1001, true],
      [1002, false],
    ],
  );
});

test('a token is not given away once it has expired', async () => {
  let now = 0;
  const cache = createTokenCache<{ expiresAt: number }>(10, () => new Date(now));
  await cache.get('k', async () => ({ expiresAt: 100 }));
  now = 100;
  assert.equal((await cache.get('k', async () => ({ expiresAt: 200 }))).cached, false);
});

test('a failure reaches all who wait, and the next asks anew', async () => {
  const cache = createTokenCache<{ expiresAt: number }>(10, () => new Date(0));
  const failing = () => Promise.reject(new Error('no'));
  const answers = await Promise.allSettled([cache.get('k', failing), cache.get('k', failing)]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal((await cache.get('k', async () => ({ expiresAt: 1 }))).cached, false);
});

test('the oldest token goes when there are too many', async () => {
  const cache = createTokenCache<{ expiresAt: number }>(2, () => new Date(0));
  const make = async () => ({ expiresAt: 1 });
  for (const key of ['a', 'b', 'c']) await cache.get(key, make);
  assert.equal((await cache.get('c', make)).cached, true);
  assert.equal((await cache.get('a', make)).cached, false);
});
