import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFunctionRoles } from '../../../infra/kubernetes/rbac/function-roles.ts';
import { functionRights, join, watchRights } from '../../../infra/kubernetes/rbac/rights.ts';
import { anInstallation, byUrl, ofKind, valuesOf } from './an-installation.ts';

const all = () => [...functionRights().cluster, ...functionRights().namespaced];

test('Secrets are read by name only, whatever brings the events', () => {
  for (const events of [{ kind: 'watch' }, { kind: 'broker' }, byUrl] as const) {
    const rules = valuesOf('rules', renderFunctionRoles(anInstallation({ events }))).flat();
    const secrets = rules.filter((rule) => JSON.stringify(rule).includes('secrets'));
    assert.deepEqual(secrets, [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]);
  }
});

test('no right is a wildcard, and nothing of a Node but its metadata can be written', () => {
  assert.ok(!JSON.stringify(renderFunctionRoles(anInstallation())).includes('"*"'));
  const nodes = all().filter(({ resources }) => resources.some((resource) => resource.startsWith('nodes')));
  assert.deepEqual(nodes, [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'patch'] }]);
});

test('only a server that watches may watch', () => {
  const verbs = (events: Parameters<typeof anInstallation>[0]) =>
    valuesOf('verbs', renderFunctionRoles(anInstallation(events))).flat();
  assert.ok(verbs({}).includes('watch'));
  assert.ok(!verbs({ events: byUrl }).includes('watch'));
});

test('rights are joined, each resource once', () => {
  const joined = join(functionRights().namespaced, watchRights().namespaced);
  const names = joined.map(({ apiGroups, resources }) => `${apiGroups}/${resources}`);
  assert.deepEqual(names, [...new Set(names)]);
  assert.deepEqual(joined.find(({ resources }) => resources[0] === 'pods')?.verbs, ['list', 'watch']);
});

test('with namespaces nothing but Nodes is to be had in the others, and Events of Nodes go to default', () => {
  const manifests = renderFunctionRoles(anInstallation({ namespaces: ['gpu'] }));
  assert.deepEqual(valuesOf('resources', ofKind('ClusterRole', manifests)), [['nodes']]);
  assert.deepEqual(
    ofKind('Role', manifests).map(({ metadata }) => metadata.namespace),
    ['gpu', 'default'],
  );
  const inDefault = ofKind('Role', manifests).find(({ metadata }) => metadata.namespace === 'default');
  assert.deepEqual(valuesOf('resources', inDefault), [['events']]);
  const both = renderFunctionRoles(anInstallation({ namespaces: ['default', 'gpu'] }));
  assert.equal(ofKind('Role', both).length, 2);
});

test('functions outside the cluster come as a user', () => {
  const manifests = renderFunctionRoles(anInstallation({ profile: 'lambda', events: byUrl, user: 'kmm-functions' }));
  assert.deepEqual(valuesOf('subjects', manifests), [
    [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'kmm-functions' }],
  ]);
});

test('every binding names a role that is there', () => {
  const manifests = renderFunctionRoles(anInstallation({ events: { kind: 'broker' }, namespaces: ['gpu'] }));
  const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`);
  for (const { kind, metadata } of manifests) {
    if (!kind.endsWith('Binding')) continue;
    assert.ok(names.includes(`${kind.replace('Binding', '')} ${metadata.namespace ?? ''} ${metadata.name}`));
  }
});
