import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { createKeySet } from '../../../shared/adapters/jwks/create-key-set.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { startSources } from '../../../shared/runtime/secrets.ts';
import { parseSources } from '../../../shared/runtime/source-configuration.ts';
import { anIssuerKey, aToken, googleClaims } from '../../builders/identity-token.ts';
import { registryEvent } from '../../builders/registry-events.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const now = () => new Date('2026-11-24T12:00:00Z');

/** A door as the configuration starts it, whose issuer of tokens is a server on loopback. */
async function aDoor(context: TestContext, published: { jwk: object }[]) {
  const issuer = createServer((_, response) => {
    if (published.length === 0) return void response.writeHead(503).end();
    response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  context.after(() => issuer.close());
  const host = `127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  const { aud: audience, email } = googleClaims(now());
  const oidc = { audience, emails: [email], jwksUri: `http://${host}/certs` };
  const { started } = startSources(parseSources({ sources: [{ source: 'google', name: 'main', oidc }] }), {
    read: () => assert.fail('no secret is needed'),
    keySet: (uri) => createKeySet({ uri, now, loopbackRegistries: [host] }),
  });
  const [bus, logger] = [createFakeBus(), createFakeLogger()];
  const app = httpApp([registryHook(started, { ignoredTaints: [] }, { bus, logger, now })], logger);
  const { headers, body } = registryEvent('google-insert');
  const send = async (token: string) => {
    const all = { ...headers, authorization: `Bearer ${token}` };
    return (await app.request('/events/google/main', { method: 'POST', headers: all, body })).status;
  };
  return { send, bus, logger };
}

test('a push subscription of Google is let in by its token, and nobody else', async (context) => {
  const [key, stranger] = [anIssuerKey('k1'), anIssuerKey('k2')];
  const { send, bus, logger } = await aDoor(context, [key]);
  const token = aToken(key, googleClaims(now()));
  assert.equal(await send(aToken(stranger, googleClaims(now()))), 401);
  assert.equal(await send(aToken(key, googleClaims(now(), { aud: 'https://other.example' }))), 401);
  assert.deepEqual(bus.published, []);
  assert.equal(await send(token), 202);
  assert.equal(bus.published.length, 1);
  assert.equal(logger.text().includes(token), false);
});

test('while Google’s keys can’t be had the event is asked for again', async (context) => {
  const { send, bus } = await aDoor(context, []);
  assert.equal(await send(aToken(anIssuerKey('k1'), googleClaims(now()))), 503);
  assert.deepEqual(bus.published, []);
});
