import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeCondition } from '../../../infra/kubernetes/hooks/conditions.ts';
import { renderEventHooks } from '../../../infra/kubernetes/hooks/event-hooks.ts';
import { anInstallation, byService, byUrl, valuesOf } from './an-installation.ts';

const byUrlHooks = (overrides: Parameters<typeof anInstallation>[0] = {}) =>
  renderEventHooks(anInstallation({ events: byUrl, ...overrides }), byUrl);

test('a hook calls the door by its part, with the secret in the path', () => {
  const urls = valuesOf('url', byUrlHooks());
  const parts = ['node', 'rollout', 'rollout', 'rollout', 'job', 'module', 'input'];
  assert.deepEqual(
    urls,
    parts.map((part) => `https://kmm.example/base/cluster/hook-secret-of-the-test/${part}`),
  );
});

test('no hook can stop a write, or hold one up for long', () => {
  assert.deepEqual([...new Set(valuesOf('failurePolicy', byUrlHooks()))], ['Ignore']);
  assert.deepEqual([...new Set(valuesOf('sideEffects', byUrlHooks()))], ['NoneOnDryRun']);
  assert.deepEqual([...new Set(valuesOf('timeoutSeconds', byUrlHooks()))], [1]);
  assert.deepEqual([...new Set(valuesOf('timeoutSeconds', byUrlHooks({ profile: 'knative' })))], [5]);
});

test('Secrets are never hooked', () => {
  assert.ok(!valuesOf('resources', byUrlHooks()).flat().includes('secrets'));
});

test('hooks keep to the namespaces that are served; nodes have none', () => {
  assert.deepEqual(valuesOf('namespaceSelector', byUrlHooks()), []);
  const selectors = valuesOf('namespaceSelector', byUrlHooks({ namespaces: ['gpu', 'net'] }));
  assert.equal(selectors.length, 6);
  assert.deepEqual(valuesOf('values', selectors[0]), [['gpu', 'net']]);
});

test("the server's own door is reached by its Service, with a bundle or cert-manager's injector", () => {
  const hooks = renderEventHooks(anInstallation({ events: byService }), byService);
  assert.deepEqual(valuesOf('service', hooks)[0], {
    namespace: 'kmm-functions',
    name: 'kmm-functions',
    path: '/cluster/hook-secret-of-the-test/node',
    port: 443,
  });
  assert.equal(valuesOf('caBundle', hooks)[0], Buffer.from('PEM').toString('base64'));
  assert.deepEqual(hooks.metadata.annotations, { 'cert-manager.io/inject-ca-from': 'kmm-functions/kmm' });
});

test('taints that come and go are those of the configuration, read as the functions read them', () => {
  const condition = nodeCondition(['node.kubernetes.io/', '/agent-not-ready', "odd'key"]);
  assert.ok(condition.includes("t.key.startsWith('node.kubernetes.io/')"));
  assert.ok(condition.includes("t.key.endsWith('/agent-not-ready')"));
  assert.ok(condition.includes(String.raw`t.key == 'odd\'key'`));
  assert.ok(!nodeCondition([]).includes('!()'), 'nothing to ignore is no syntax error');
});
