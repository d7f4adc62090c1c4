import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { refWords } from '../../../infra/cli/migrate/kinds.ts';
import { isStaleNodeLabel } from '../../../infra/cli/migrate/kmm-marks.ts';
import { planMigration } from '../../../infra/cli/migrate/plan-migration.ts';
import { readSnapshot } from '../../../infra/cli/migrate/read-snapshot.ts';
import type { Step } from '../../../infra/cli/migrate/step.ts';
import { createKmmCluster, type KmmObject, readFixture } from './kmm-cluster.ts';

async function planOf(objects: readonly KmmObject[]) {
  const plan = planMigration(await readSnapshot(createKmmCluster(objects)));
  assert.equal(plan.kind, 'planned');
  return plan;
}

function words({ change, after, ...ref }: Step): string {
  const what =
    change.action === 'drop-finalizers'
      ? ` ${change.finalizers.join(' ')}`
      : change.action === 'remove-labels'
        ? ` ${change.labels.join(' ')}`
        : '';
  const behind = after.length === 0 ? '' : ` after ${after.map(refWords).join(', ')}`;
  return `${change.action} ${refWords(ref)}${what}${behind}`.replaceAll('kmm.node.kubernetes.io/', '~');
}

suite('the plan for a cluster that ran KMM 2.x', () => {
  test('takes out everything of KMM, in an order in which nothing hangs', async () => {
    const { steps } = await planOf(readFixture('kmm-2'));
    assert.deepEqual(steps.map(words), [
      'delete ValidatingWebhookConfiguration kmm-operator-validating-webhook-configuration',
      'drop-finalizers Pod gpu/kmm-worker-b-acme ~nodemodulesconfig-reconciler',
      'delete Pod gpu/kmm-worker-b-acme',
      'drop-finalizers Pod gpu/kmm-worker-a-acme ~nodemodulesconfig-reconciler',
      'delete Pod gpu/kmm-worker-a-acme',
      'drop-finalizers Pod gpu/acme-build-6.1.0-18 ~gc-delay ~job-event-finalizer',
      'delete Pod gpu/acme-build-6.1.0-18',
      'delete Pod gpu/acme-pull-pod-x7',
      'drop-finalizers Pod gpu/acme-device-plugin-9wq2-a ~node-labeler',
      'delete DaemonSet gpu/acme-device-plugin-9wq2',
      'drop-finalizers Module gpu/acme ~module-finalizer',
      'delete NodeModulesConfig a',
      'delete ModuleImagesConfig gpu/acme',
      'delete ModuleBuildSignConfig gpu/acme',
      'remove-labels Namespace gpu kmm.node.k8s.io/contains-modules',
      'remove-labels Node a ~gpu.acme.device-plugin-target after DaemonSet gpu/acme-device-plugin-9wq2, Pod gpu/acme-device-plugin-9wq2-a',
    ]);
  });

  test('the finalizers of others stay', async () => {
    const { steps } = await planOf(readFixture('kmm-2'));
    const change = steps.find(({ kind }) => kind === 'Module')?.change;
    assert.deepEqual(change?.action === 'drop-finalizers' && change.kept, ['example.com/audit']);
  });

  test('an unload that runs already can not be taken back, and that is told', async () => {
    const objects = readFixture('kmm-2').map((one) =>
      one.metadata.name === 'kmm-worker-b-acme' ? { ...one, status: { phase: 'Running' } } : one,
    );
    const { notes } = await planOf(objects);
    assert.match(notes.join('\n'), /unload of KMM 2\.x was under way on node b/);
  });

  test('a Module that waits for KMM to unload it goes, with a word on what stays loaded', async () => {
    const objects = readFixture('kmm-2');
    const module = objects.find(({ kind }) => kind === 'Module');
    assert.ok(module);
    module.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    const { steps, notes } = await planOf(objects);
    assert.ok(steps.some(({ kind, change }) => kind === 'Module' && change.action === 'drop-finalizers'));
    assert.match(notes.join('\n'), /Module gpu\/acme is being deleted .* stays loaded/);
  });

  test('a DRA driver stays, with its node labels: pods hold its devices', async () => {
    const marks = { 'kmm.node.kubernetes.io/module.name': 'acme', 'kmm.node.kubernetes.io/role': 'dra' };
    const target = 'kmm.node.kubernetes.io/gpu.acme.dra-target';
    const driver: KmmObject = {
      kind: 'DaemonSet',
      metadata: { name: 'acme-dra', namespace: 'gpu', labels: marks },
      spec: { template: { spec: { nodeSelector: { [target]: '' } } } },
    };
    const node: KmmObject = { kind: 'Node', metadata: { name: 'c', labels: { [target]: '' } } };
    const { steps, notes } = await planOf([driver, node]);
    assert.deepEqual(steps, []);
    assert.match(notes.join('\n'), /DRA driver gpu\/acme-dra stays, and so do the node labels/);
  });
});

suite('the plan for a cluster that ran KMM 1.x', () => {
  test('lets the loader DaemonSet go without its pods, and touches no label by which they stand', async () => {
    const { steps } = await planOf(readFixture('kmm-1'));
    assert.deepEqual(steps.map(words), [
      'drop-finalizers Pod gpu/acme-2f5b9c01a4d3e687-a ~node-labeler',
      'drop-finalizers Pod gpu/acme-device-plugin-11c0-a ~node-labeler',
      'orphan DaemonSet gpu/acme-2f5b9c01a4d3e687',
      'delete DaemonSet gpu/acme-device-plugin-11c0',
      'delete Job gpu/acme-build-x2',
      'delete ControllerRevision gpu/acme-2f5b9c01a4d3e687-7d9f after DaemonSet gpu/acme-2f5b9c01a4d3e687',
      'remove-labels Node a ~acme.ready ~acme.device-plugin-ready beta.~version-device-plugin.gpu.acme after DaemonSet gpu/acme-device-plugin-11c0, Pod gpu/acme-device-plugin-11c0-a',
    ]);
  });

  test('the pods that stay are told, with the command that ends one and keeps its module', async () => {
    const { notes } = await planOf(readFixture('kmm-1'));
    const told = notes.join('\n');
    assert.match(told, /1 loader pod of KMM 1\.x stays with the module loaded \(gpu\/acme-2f5b9c01a4d3e687-a on a\)/);
    assert.match(told, /Do not delete such a pod as it is, nor with --force/);
    assert.match(told, /kubectl exec -n gpu acme-2f5b9c01a4d3e687-a -c module-loader/);
  });

  test('a DaemonSet that somebody deleted with its pods before is told: it is too late to keep them', async () => {
    const objects = readFixture('kmm-1');
    const loader = objects.find(({ metadata }) => metadata.uid === 'loader');
    assert.ok(loader);
    Object.assign(loader.metadata, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] });
    const { steps, notes } = await planOf(objects);
    assert.equal(
      steps.some(({ change }) => change.action === 'orphan'),
      false,
    );
    assert.match(notes.join('\n'), /was being deleted before: its pods unload/);
  });
});

suite('what a plan never holds', () => {
  const clusters = ['kmm-1', 'kmm-2'] as const;
  for (const name of clusters) {
    test(`${name}: no step ends a loader pod of 1.x or changes a DaemonSet's template`, async () => {
      const { steps } = await planOf(readFixture(name));
      const loaders = readFixture(name).filter(
        ({ kind, metadata }) => kind === 'Pod' && metadata.labels?.['kmm.node.kubernetes.io/role'] === 'module-loader',
      );
      for (const step of steps) {
        assert.ok(step.kind !== 'DaemonSet' || ['orphan', 'delete'].includes(step.change.action));
        const isLoader = loaders.some(({ metadata }) => metadata.name === step.name);
        assert.ok(!isLoader || step.change.action === 'drop-finalizers');
      }
    });

    test(`${name}: no step touches what bears no mark of KMM, nor what is ours`, async () => {
      const { steps } = await planOf(readFixture(name));
      const touched = new Set(steps.map(({ name: touchedName }) => touchedName));
      for (const other of ['web', 'kmm-functions', 'acme-0123456789', 'b'])
        assert.equal(touched.has(other), false, other);
    });
  }

  test('a cluster without KMM has no steps', async () => {
    const { steps, notes } = await planOf([{ kind: 'Node', metadata: { name: 'a' } }]);
    assert.deepEqual([steps, notes], [[], []]);
  });
});

suite('labels of nodes', () => {
  const kept = [
    'kmm.node.kubernetes.io/gpu.acme.ready',
    'kmm.node.kubernetes.io/gpu.acme.device-plugin-ready',
    'kmm.node.kubernetes.io/gpu.acme.version.ready',
    'kmm.node.kubernetes.io/kernel-version.full',
    'kmm.node.kubernetes.io/version-module.gpu.acme',
    'beta.kmm.node.kubernetes.io/version-worker-pod.gpu.acme',
    'beta.kmm.node.kubernetes.io/version-schedule-pod.gpu.acme',
    'example.com/acme.ready',
    'kubernetes.io/hostname',
  ];
  for (const key of kept) test(`${key} stays`, () => assert.equal(isStaleNodeLabel(key), false));
  const stale = [
    'kmm.node.kubernetes.io/gpu.acme.device-plugin-target',
    'kmm.node.kubernetes.io/gpu.acme.dra-target',
    'kmm.node.kubernetes.io/gpu.acme.dra-ready',
    'kmm.node.kubernetes.io/acme.ready',
    'kmm.node.kubernetes.io/acme.device-plugin-ready',
    'beta.kmm.node.kubernetes.io/version-module-loader.gpu.acme',
    'beta.kmm.node.kubernetes.io/version-device-plugin.gpu.acme',
    'beta.kmm.node.kubernetes.io/gpu.acme.module-configured',
    'beta.kmm.node.kubernetes.io/gpu.acme.module-in-use',
  ];
  for (const key of stale) test(`${key} goes`, () => assert.equal(isStaleNodeLabel(key), true));
});
