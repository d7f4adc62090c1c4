import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { run } from '../../../infra/cli/run.ts';
import { labels, prefix, roles } from '../../../shared/kmm/labels.ts';
import { rawModule } from '../../builders/module.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { installModuleCrd } from '../support/control-plane/install-module-crd.ts';
import { addNodes, nodesReady } from '../support/control-plane/nodes.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane/start-control-plane.ts';

const skip = await missingControlPlane();
const kernel = '6.1.0-18-amd64';
const nodeLabels = {
  'example.com/acme': 'present',
  [labels.kernelVersion]: kernel,
  [labels.ready('gpu', 'acme')]: '',
  [`${prefix}acme.ready`]: '',
  [`${prefix}gpu.acme.device-plugin-target`]: '',
};

describe('kmm migrate on a real control plane, of a cluster that ran both KMM 1.x and 2.x', { skip }, () => {
  let plane: ControlPlane;
  before(async () => {
    plane = await startControlPlane();
    await installModuleCrd(plane);
    await apply(helperCrd);
    await addNodes(plane.admin, [{ name: 'a', kernelVersion: kernel, labels: nodeLabels }]);
    await nodesReady(plane.admin, ['a']);
    await apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'gpu', labels: { 'kmm.node.k8s.io/contains-modules': '' } },
    });
    await apply(
      rawModule({
        metadata: { name: 'acme', namespace: 'gpu', finalizers: [`${prefix}module-finalizer`, 'example.com/audit'] },
      }),
    );
    const uid = (await plane.admin.get('Module', { namespace: 'gpu', name: 'acme' }))?.metadata.uid ?? '';
    const daemonSets = [
      daemonSet('acme-loader', roles.moduleLoader, uid, { [labels.kernelVersion]: kernel }),
      daemonSet('acme-plugin', roles.devicePlugin, uid, {
        [`${prefix}acme.ready`]: '',
        [`${prefix}gpu.acme.device-plugin-target`]: '',
      }),
    ];
    for (const one of daemonSets) await apply(one);
    await apply(workerPod);
    await until('two pods run', async () => (await running()).length === 2);
    await until(
      'the helper kind is served',
      async () => (await plane.api.send('POST', helperPath, helper)).status === 201,
    );
    await apply(operator);
    await apply(deadWebhook);
  });
  after(() => plane.stop());

  const apply = (object: object) =>
    plane.kubectl(['apply', '--server-side', '-f', '-'], { input: JSON.stringify(object) });
  const podsOf = (role: string) =>
    plane.admin.list('Pod', { namespace: 'gpu', labelSelector: `${labels.role}=${role}` });
  const running = async () =>
    [...(await podsOf(roles.moduleLoader)), ...(await podsOf(roles.devicePlugin))].filter(
      ({ status }) => status?.phase === 'Running',
    );
  const count = async (path: string) => {
    const { items } = (await plane.api.call('GET', path)) as { items: object[] };
    return items.length;
  };
  const migrate = async (...argv: string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const io = { stdin: Readable.from([]), stdout, stderr, env: {}, cwd: '/' };
    const code = await run(['migrate', '--kubeconfig', plane.adminKubeconfig, '-o', 'json', ...argv], io);
    stdout.end();
    stderr.end();
    return { code, report: JSON.parse((await text(stdout)) || `{"error": ${JSON.stringify(await text(stderr))}}`) };
  };
  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 30_000; Date.now() < end; await setTimeout(100)) if (await holds()) return;
    throw new Error(`Not within 30 s: ${what}`);
  }

  test('it is refused while the operator is scaled up', async () => {
    const { code, report } = await migrate();
    assert.equal(code, 1);
    assert.match(report.why[0], /kubectl scale -n gpu deployment\/kmm-operator-controller --replicas=0/);
    await plane.kubectl(['scale', '-n', 'gpu', 'deployment/kmm-operator-controller', '--replicas=0']);
    await until('the operator is gone', async () => (await migrate('--dry-run')).code === 0);
  });

  test('a dead webhook refuses every write of a Module before', async () => {
    await assert.rejects(annotate(), /failed calling webhook/);
  });

  test('it ends with nothing left to do, and the loader pod of 1.x never knew', async () => {
    const [before] = await podsOf(roles.moduleLoader);
    const { code, report } = await migrate();
    assert.equal(report.outcome, 'done', JSON.stringify(report));
    assert.equal(code, 0);
    assert.deepEqual((await migrate()).report.steps, []);
    // Long enough for every controller to act on what went.
    await setTimeout(3000);
    const [pod, ...more] = await podsOf(roles.moduleLoader);
    assert.deepEqual(more, []);
    assert.equal(pod?.metadata.uid, before?.metadata.uid);
    assert.equal(pod?.metadata.deletionTimestamp, undefined);
    assert.deepEqual(pod?.metadata.ownerReferences ?? [], []);
    assert.equal(pod?.status?.phase, 'Running');
  });

  test('everything else of KMM is gone, and the Module is free and writable', async () => {
    assert.equal(await count('/apis/apps/v1/namespaces/gpu/daemonsets'), 0);
    assert.equal(await count('/apis/apps/v1/namespaces/gpu/controllerrevisions'), 0);
    assert.equal(await count('/api/v1/namespaces/gpu/pods'), 1);
    assert.equal(await count(helperPath), 0);
    await annotate();
    const { metadata } = (await plane.api.call('GET', modulePath)) as { metadata: { finalizers: string[] } };
    assert.deepEqual(metadata.finalizers, ['example.com/audit']);
    const node = await plane.admin.get('Node', { name: 'a' });
    const left = Object.keys(node?.metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
    assert.deepEqual(left.sort(), [labels.ready('gpu', 'acme'), labels.kernelVersion].sort());
    const namespace = await plane.admin.get('Namespace', { name: 'gpu' });
    assert.equal(namespace?.metadata.labels['kmm.node.k8s.io/contains-modules'], undefined);
  });

  function annotate() {
    const patch = { metadata: { annotations: { 'example.com/written': 'yes' } } };
    return plane.api.call('PATCH', modulePath, patch, 'application/merge-patch+json');
  }
});

const modulePath = '/apis/kmm.sigs.x-k8s.io/v1beta1/namespaces/gpu/modules/acme';
const helperPath = '/apis/kmm.sigs.x-k8s.io/v1beta1/nodemodulesconfigs';
const helper = { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'NodeModulesConfig', metadata: { name: 'a' } };

/** Of KMM's helper kinds only this one: the others are absent, as in a cluster of another release. */
const helperCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'nodemodulesconfigs.kmm.sigs.x-k8s.io' },
  spec: {
    group: 'kmm.sigs.x-k8s.io',
    scope: 'Cluster',
    names: { plural: 'nodemodulesconfigs', singular: 'nodemodulesconfig', kind: 'NodeModulesConfig' },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

/** As KMM 1.x makes them: with its finalizer in the template, and a preStop that unloads. */
function daemonSet(name: string, role: string, owner: string, nodeSelector: Record<string, string>) {
  const own = { [labels.moduleName]: 'acme', [labels.role]: role };
  const preStop = { exec: { command: ['/bin/sh', '-c', 'modprobe -rv -d /opt acme'] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace: 'gpu',
      labels: own,
      ownerReferences: [
        { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', name: 'acme', uid: owner, controller: true },
      ],
    },
    spec: {
      selector: { matchLabels: own },
      template: {
        metadata: { labels: own, finalizers: [`${prefix}node-labeler`] },
        spec: { nodeSelector, containers: [{ name: role, image: 'registry.example/acme:1', lifecycle: { preStop } }] },
      },
    },
  };
}

const workerPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'kmm-worker-a-acme',
    namespace: 'gpu',
    labels: { [labels.moduleName]: 'acme', [`${prefix}worker-action`]: 'Load' },
    finalizers: [`${prefix}nodemodulesconfig-reconciler`],
  },
  spec: { nodeName: 'a', containers: [{ name: 'worker', image: 'registry.example/worker:1' }] },
};

const operator = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'kmm-operator-controller', namespace: 'gpu' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'kmm' } },
    template: {
      metadata: { labels: { app: 'kmm' } },
      spec: { containers: [{ name: 'manager', image: 'registry.example/kmm:1' }] },
    },
  },
};

const deadWebhook = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'kmm-operator-validating-webhook-configuration' },
  webhooks: [
    {
      name: 'vmodule.kb.io',
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      clientConfig: {
        service: {
          name: 'kmm-operator-webhook-service',
          namespace: 'gpu',
          path: '/validate-kmm-sigs-x-k8s-io-v1beta1-module',
        },
      },
      rules: [
        {
          apiGroups: ['kmm.sigs.x-k8s.io'],
          apiVersions: ['v1beta1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['modules'],
        },
      ],
    },
  ],
};
