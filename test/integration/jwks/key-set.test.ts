import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createKeySet } from '../../../shared/adapters/jwks/create-key-set.ts';
import { KeysUnavailable } from '../../../shared/events/sources/oidc-token.ts';

const minute = 60_000;
const key = (kid: string) => ({ kty: 'RSA', kid, use: 'sig', alg: 'RS256', n: 'AQAB', e: 'AQAB' });

/** An issuer on loopback, whose answer can be changed, and a clock in our hand. */
async function anIssuer(context: TestContext) {
  const state = { keys: [key('k1')], asked: 0, time: 0, answer: undefined as RequestListener | undefined };
  const server = createServer((request, response) => {
    state.asked += 1;
    if (state.answer !== undefined) return void state.answer(request, response);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: state.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const find = createKeySet({
    uri: `http://${host}/certs`,
    now: () => new Date(state.time),
    loopbackRegistries: [host],
  });
  const kids = async (kid?: string) => (await find(kid)).keys.map((found) => found.kid);
  return { state, kids, host };
}

test('keys are fetched once and kept for an hour', async (context) => {
  const { state, kids } = await anIssuer(context);
  for (let time = 0; time < 5; time++) assert.deepEqual(await kids('k1'), ['k1']);
  assert.equal(state.asked, 1);
  state.time += 61 * minute;
  await kids('k1');
  assert.equal(state.asked, 2);
});

test('requests that come at once share a fetch', async (context) => {
  const { state, kids } = await anIssuer(context);
  await Promise.all(Array.from({ length: 20 }, (_, index) => kids(`k${index}`)));
  assert.equal(state.asked, 1);
});

test('a new key is seen at once', async (context) => {
  const { state, kids } = await anIssuer(context);
  await kids('k1');
  state.time += minute;
  state.keys = [key('k1'), key('k2')];
  assert.deepEqual(await kids('k2'), ['k1', 'k2']);
  assert.equal(state.asked, 2);
});

test('tokens that name keys which do not exist cost the issuer little', async (context) => {
  const { state, kids } = await anIssuer(context);
  for (let index = 0; index < 100; index++) {
    state.time += 100;
    await kids(`invented-${index}`);
  }
  assert.equal(state.asked, 1);
});

test('while the issuer is away its last keys count for a day, and no longer', async (context) => {
  const { state, kids } = await anIssuer(context);
  await kids('k1');
  state.answer = (_, response) => void response.writeHead(503).end();
  state.time += 23 * 60 * minute;
  assert.deepEqual(await kids('k1'), ['k1']);
  state.time += 2 * 60 * minute;
  await assert.rejects(kids('k1'), KeysUnavailable);
  state.answer = undefined;
  state.time += minute;
  assert.deepEqual(await kids('k1'), ['k1']);
});

test('an issuer that fails is asked again after a pause, not by every request', async (context) => {
  const { state, kids } = await anIssuer(context);
  state.answer = (_, response) => void response.writeHead(500).end();
  for (let index = 0; index < 10; index++) await assert.rejects(kids('k1'), KeysUnavailable);
  assert.equal(state.asked, 1);
  state.time += minute;
  await assert.rejects(kids('k1'), KeysUnavailable);
  assert.equal(state.asked, 2);
});

const bad: [what: string, answer: RequestListener][] = [
  ['no JSON', (_, response) => void response.end('<html>')],
  ['no keys', (_, response) => void response.end('{"keys":[]}')],
  ['keys that are none', (_, response) => void response.end('{"keys":[{"kid":7}]}')],
  ['more than we read', (_, response) => void response.end(`{"keys":[],"x":"${'x'.repeat(100_000)}"}`)],
  ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['a cut connection', (request) => void request.socket.destroy()],
];
for (const [what, answer] of bad) {
  test(`an answer with ${what} gives no keys`, async (context) => {
    const { state, kids } = await anIssuer(context);
    state.answer = answer;
    await assert.rejects(kids('k1'), KeysUnavailable);
  });
}

test('private members of a key are left where they are', async (context) => {
  const { state, kids, host } = await anIssuer(context);
  state.keys = [Object.assign(key('k1'), { d: 'private' })];
  await kids('k1');
  const find = createKeySet({ uri: `http://${host}/`, now: () => new Date(0), loopbackRegistries: [host] });
  assert.equal(JSON.stringify(await find('k1')).includes('private'), false);
});

test('an address on this machine is asked only when the configuration lists it', async (context) => {
  const { state, host } = await anIssuer(context);
  const find = createKeySet({ uri: `http://${host}/certs`, now: () => new Date(0) });
  await assert.rejects(find('k1'), KeysUnavailable);
  assert.equal(state.asked, 0);
});
