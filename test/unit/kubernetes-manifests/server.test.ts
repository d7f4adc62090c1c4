import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderInstallation } from '../../../infra/kubernetes/render-installation.ts';
import { configuration } from '../../../infra/kubernetes/server/configuration.ts';
import { paths } from '../../../infra/kubernetes/server/names.ts';
import { restricted } from '../../../infra/kubernetes/server/pod.ts';
import { readConfiguration } from '../../../shared/runtime/configuration.ts';
import { parseSources } from '../../../shared/runtime/source-configuration.ts';
import { anInstallation, byService, byUrl, ofKind, valuesOf } from './an-installation.ts';

const configurationOf = (overrides: Parameters<typeof anInstallation>[0] = {}) =>
  readConfiguration({ KMM_CONFIG: JSON.stringify(configuration(anInstallation(overrides))) });

test('the functions can read the configuration that they are given', () => {
  const read = configurationOf({ namespaces: ['gpu'], loaderImage: 'r.example/loader:1', ignoredTaints: ['a/'] });
  assert.deepEqual(
    [read.clusterName, read.namespaces, read.loaderImage, read.ignoredTaints],
    ['test', ['gpu'], 'r.example/loader:1', ['a/']],
  );
  assert.equal(parseSources(read)[0]?.source, 'manual');
});

test('every secret that the configuration names is a key of the Secret, while one is rotated too', () => {
  const secrets = { hook: 'new', previousHook: 'old', door: 'door' };
  const read = configurationOf({ secrets });
  assert.equal(read.clusterHookSecrets.length, 2);
  const [secret] = ofKind('Secret', renderInstallation(anInstallation({ secrets })));
  const keys = Object.keys(Object(valuesOf('stringData', secret)[0])).map((key) => `${paths.secrets}/${key}`);
  const named = [...read.clusterHookSecrets, ...parseSources(read).flatMap((source) => source.secrets)];
  assert.deepEqual(named.sort(), keys.sort());
});

test('secrets stand in the Secret and in the paths of hooks and trigger, and nowhere else', () => {
  for (const [profile, events] of [
    ['deployment', byService],
    ['knative', { kind: 'broker' }],
  ] as const) {
    for (const manifest of renderInstallation(anInstallation({ profile, events }))) {
      if (['Secret', 'ValidatingWebhookConfiguration', 'Trigger'].includes(manifest.kind)) continue;
      assert.doesNotMatch(JSON.stringify(manifest), /secret-of-the-test/, manifest.kind);
    }
  }
});

test('every container is restricted, in a namespace that allows nothing else', () => {
  for (const profile of ['deployment', 'knative'] as const) {
    const manifests = renderInstallation(
      anInstallation({ profile, events: { kind: profile === 'knative' ? 'broker' : 'watch' } }),
    );
    const containers = valuesOf('containers', manifests).flat();
    assert.ok(containers.length > 0);
    for (const container of containers) assert.deepEqual(Object(container).securityContext, restricted);
    assert.match(JSON.stringify(ofKind('Namespace', manifests)), /"pod-security.kubernetes.io\/enforce":"restricted"/);
  }
});

test('every mount of a pod is one of its volumes', () => {
  for (const events of [{ kind: 'watch' }, byService] as const) {
    const [deployment] = ofKind('Deployment', renderInstallation(anInstallation({ events })));
    const mounts = valuesOf('volumeMounts', deployment)
      .flat()
      .map((mount) => Object(mount).name);
    const volumes = valuesOf('volumes', deployment)
      .flat()
      .map((volume) => Object(volume).name);
    assert.deepEqual(mounts, volumes);
  }
});

test('with a certificate the server serves https, and its probes and Service say so', () => {
  const [deployment, service] = ['Deployment', 'Service'].map((kind) =>
    JSON.stringify(ofKind(kind, renderInstallation(anInstallation({ events: byService })))),
  );
  assert.match(deployment ?? '', /"KMM_TLS_CERT","value":"\/etc\/kmm\/tls\/tls.crt"/);
  assert.match(deployment ?? '', /"path":"\/readyz","port":8443,"scheme":"HTTPS"/);
  assert.match(service ?? '', /"port":443,"targetPort":8443/);
});

test('the server watches only where nothing brings the events', () => {
  const watch = (events: Parameters<typeof anInstallation>[0]) =>
    /"KMM_WATCH","value":"(\w+)"/.exec(JSON.stringify(renderInstallation(anInstallation(events))))?.[1];
  assert.equal(watch({}), 'true');
  assert.equal(watch({ events: byUrl }), 'false');
});

test('pods are made anew when the configuration or a secret changes, and only then', () => {
  const annotation = (overrides: Parameters<typeof anInstallation>[0]) =>
    valuesOf('kmm.sigs.x-k8s.io/configuration', renderInstallation(anInstallation(overrides)))[0];
  assert.equal(annotation({}), annotation({ kernelLabel: 'policy' }));
  assert.notEqual(annotation({}), annotation({ clusterName: 'other' }));
  assert.notEqual(annotation({}), annotation({ secrets: { hook: 'x', door: 'y' } }));
});

test('Knative keeps one running for hooks, and none behind a broker, where a CronJob sweeps', () => {
  const scale = (events: typeof byUrl | { kind: 'broker' }) =>
    valuesOf(
      'autoscaling.knative.dev/min-scale',
      renderInstallation(anInstallation({ profile: 'knative', events })),
    )[0];
  assert.equal(scale(byUrl), '1');
  assert.equal(scale({ kind: 'broker' }), '0');
  const kinds = renderInstallation(anInstallation({ profile: 'knative', events: { kind: 'broker' } })).map(
    ({ kind }) => kind,
  );
  for (const kind of ['Broker', 'ApiServerSource', 'Trigger', 'CronJob']) assert.ok(kinds.includes(kind), kind);
  assert.ok(!kinds.includes('ValidatingWebhookConfiguration'));
});

test('the source of events reads no Secrets, and all that the door decodes', () => {
  const source = ofKind(
    'ApiServerSource',
    renderInstallation(anInstallation({ profile: 'knative', events: { kind: 'broker' } })),
  );
  const kinds = valuesOf('resources', source)
    .flat()
    .map((resource) => Object(resource).kind);
  assert.deepEqual(kinds, ['Node', 'Module', 'DaemonSet', 'Pod', 'Job', 'ConfigMap']);
  assert.deepEqual(valuesOf('mode', source), ['Resource']);
});

test('functions that run elsewhere leave no server, no account and no secret in the cluster but in the hooks', () => {
  const kinds = renderInstallation(anInstallation({ profile: 'lambda', events: byUrl, user: 'u' })).map(
    ({ kind }) => kind,
  );
  for (const kind of ['Deployment', 'Service', 'Secret', 'ServiceAccount', 'Namespace'])
    assert.ok(!kinds.includes(kind), kind);
  assert.ok(kinds.includes('ValidatingWebhookConfiguration') && kinds.includes('CustomResourceDefinition'));
});

test('who guards comes before who acts, and who calls comes last', () => {
  const kinds = renderInstallation(anInstallation({ events: byUrl, kernelLabel: 'policy' })).map(({ kind }) => kind);
  const order = [
    'Namespace',
    'CustomResourceDefinition',
    'ValidatingAdmissionPolicy',
    'MutatingAdmissionPolicy',
    'ClusterRole',
  ]
    .concat(['ConfigMap', 'Deployment', 'ValidatingWebhookConfiguration'])
    .map((kind) => kinds.indexOf(kind));
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.ok(!order.includes(-1));
});
