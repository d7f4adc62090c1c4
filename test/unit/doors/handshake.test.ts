import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clusterHook } from '../../../functions/cluster-hook/cluster-hook.ts';
import { type RegistrySource, registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { KeysUnavailable } from '../../../shared/events/sources/oidc-token.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { lambdaDoor } from '../../../shared/runtime/lambda-door.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const secret = 'the-secret-of-the-registry';
const origin = 'eventgrid.azure.net';
const senders: RegistrySource[] = [
  { source: 'acr', name: 'acme', secrets: [secret], header: 'x-registry-token' },
  { source: 'ghcr', name: 'acme', secrets: [secret], header: 'authorization' },
];

function doors() {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const options = { ignoredTaints: defaultIgnoredTaints };
  const registry = registryHook(senders, options, { bus, logger, now: () => new Date(0) });
  const cluster = clusterHook({ secrets: [secret], ...options, reviewDelaySeconds: 1 }, { bus, logger });
  return { bus, logger, registry, app: httpApp([registry, cluster], logger) };
}

type Answer = { status: number; allowed: string | undefined };

/** The same question by both ways to a door. */
const ways: [way: string, ask: (path: string, headers: Record<string, string>) => Promise<Answer>][] = [
  [
    'over HTTP',
    async (path, headers) => {
      const answer = await doors().app.request(path, { method: 'OPTIONS', headers });
      return { status: answer.status, allowed: answer.headers.get('webhook-allowed-origin') ?? undefined };
    },
  ],
  [
    'by a Function URL',
    async (path, headers) => {
      const { registry, logger } = doors();
      const request = { rawPath: path, headers, requestContext: { http: { method: 'OPTIONS' } } };
      const answer = await lambdaDoor(() => ({ door: registry, logger }))(request);
      return { status: answer.statusCode, allowed: answer.headers?.['webhook-allowed-origin'] };
    },
  ],
];

const cases: [what: string, path: string, headers: Record<string, string>, status: number][] = [
  ['with the secret in its path', `/events/acr/acme/${secret}`, {}, 200],
  ['with the secret in its header', '/events/acr/acme', { 'x-registry-token': secret }, 200],
  ['without a secret', '/events/acr/acme', {}, 401],
  ['with a wrong secret', '/events/acr/acme/a-guess-of-a-stranger', {}, 401],
  ['of a sender that can only sign bodies', `/events/ghcr/acme/${secret}`, {}, 401],
  ['of a sender that is not configured', `/events/acr/other/${secret}`, {}, 404],
  ['that says no origin', `/events/acr/acme/${secret}`, { 'webhook-request-origin': '' }, 400],
  ['with an origin that is no name', `/events/acr/acme/${secret}`, { 'webhook-request-origin': 'a b' }, 400],
  ['at an address of nobody', '/events', {}, 404],
];

for (const [way, ask] of ways) {
  describe(`a handshake ${way}`, () => {
    for (const [what, path, headers, status] of cases) {
      test(`${what} is answered ${status}`, async () => {
        const answer = await ask(path, { 'webhook-request-origin': origin, ...headers });
        assert.deepEqual(answer, { status, allowed: status === 200 ? origin : undefined });
      });
    }
  });
}

test('a door that takes no CloudEvents’ senders from outside shakes no hands', async () => {
  const answer = await doors().app.request(`/cluster/${secret}/events`, {
    method: 'OPTIONS',
    headers: { 'webhook-request-origin': origin },
  });
  assert.equal(answer.status, 404);
});

test('a handshake queues nothing, and calls nobody', async () => {
  const { app, bus } = doors();
  await app.request(`/events/acr/acme/${secret}`, {
    method: 'OPTIONS',
    headers: { 'webhook-request-origin': origin, 'webhook-request-callback': 'http://127.0.0.1:1/' },
  });
  assert.deepEqual(bus.published, []);
});

test('an event whose keys can’t be had now has to come again', async () => {
  const { bus, logger } = doors();
  const keys = async () => {
    throw new KeysUnavailable('the keys of https://issuer.example were not to be had');
  };
  const oidc = { issuer: 'https://issuer.example', audience: 'us', emails: ['push@example.com'], keys };
  const sender: RegistrySource = { source: 'google', name: 'gar', secrets: [], header: 'authorization', oidc };
  const hook = registryHook([sender], { ignoredTaints: [] }, { bus, logger, now: () => new Date(0) });
  const token = [{ alg: 'RS256', kid: 'k' }, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const answer = await httpApp([hook], logger).request('/events/google/gar', {
    method: 'POST',
    body: '{}',
    headers: { authorization: `Bearer ${token.join('.')}.c2ln` },
  });
  assert.equal(answer.status, 503);
  assert.deepEqual(bus.published, []);
});
