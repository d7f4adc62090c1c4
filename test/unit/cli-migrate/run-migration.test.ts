import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { runMigration } from '../../../infra/cli/migrate/run-migration.ts';
import { createKmmCluster, type KmmCluster, readFixture } from './kmm-cluster.ts';

const pause = async () => undefined;
const run = (cluster: KmmCluster) => runMigration(cluster, { pause });

/** Everything that stands, but for versions. */
function state(cluster: KmmCluster): unknown {
  return cluster.objects.map(({ metadata: { resourceVersion: _, ...metadata }, ...rest }) => ({ ...rest, metadata }));
}

suite('a migration', () => {
  for (const name of ['kmm-1', 'kmm-2'] as const) {
    test(`${name}: ends with nothing left to do, and a second one writes nothing`, async () => {
      const cluster = createKmmCluster(readFixture(name));
      const { left } = await run(cluster);
      assert.deepEqual(left.kind === 'planned' && left.steps, []);
      const writes = cluster.writes.length;
      const second = await run(cluster);
      assert.deepEqual(second.done, []);
      assert.equal(cluster.writes.length, writes);
    });

    test(`${name}: may die before any of its writes; the next run ends where one run would have`, async () => {
      const whole = createKmmCluster(readFixture(name));
      await run(whole);
      for (let nth = 1; nth <= whole.writes.length; nth += 1) {
        const cluster = createKmmCluster(readFixture(name));
        cluster.failWrite(nth);
        await assert.rejects(run(cluster), /died/);
        await run(cluster);
        assert.deepEqual(state(cluster), state(whole), `died before write ${nth}`);
      }
    });

    test(`${name}: an operator that is scaled up meanwhile stops it before the next round`, async () => {
      const cluster = createKmmCluster(readFixture(name));
      cluster.meanwhile = () => {
        const operator = cluster.objects.find(({ kind }) => kind === 'Deployment');
        if (operator !== undefined) operator['spec'] = { replicas: 1 };
      };
      assert.equal((await run(cluster)).left.kind, 'refused');
    });
  }

  test('of 2.x leaves Modules, our objects and the labels that the functions take over', async () => {
    const cluster = createKmmCluster(readFixture('kmm-2'));
    await run(cluster);
    const kinds = ['Pod', 'DaemonSet', 'NodeModulesConfig', 'ModuleImagesConfig', 'ModuleBuildSignConfig'] as const;
    const names = cluster.objects
      .filter(({ kind }) => kinds.some((one) => one === kind))
      .map(({ metadata }) => metadata.name);
    assert.deepEqual(names, ['web', 'acme-0123456789']);
    assert.deepEqual(cluster.find('Module', 'acme')?.metadata.finalizers, ['example.com/audit']);
    assert.deepEqual(cluster.find('Namespace', 'gpu')?.metadata.labels, { team: 'gpu' });
    assert.deepEqual(
      Object.keys(cluster.find('Node', 'a')?.metadata.labels ?? {}).filter((key) => key.includes('kmm')),
      [
        'kmm.node.kubernetes.io/version-module.gpu.acme',
        'kmm.node.kubernetes.io/kernel-version.full',
        'kmm.node.kubernetes.io/gpu.acme.ready',
        'kmm.node.kubernetes.io/gpu.acme.device-plugin-ready',
        'kmm.node.kubernetes.io/gpu.acme.version.ready',
        'beta.kmm.node.kubernetes.io/version-worker-pod.gpu.acme',
        'beta.kmm.node.kubernetes.io/version-schedule-pod.gpu.acme',
      ],
    );
  });

  test('of 1.x leaves the loader pod as it runs, without owner and finalizer, and the label it stands by', async () => {
    const cluster = createKmmCluster(readFixture('kmm-1'));
    const before = cluster.find('Pod', 'acme-2f5b9c01a4d3e687-a');
    await run(cluster);
    const pod = cluster.find('Pod', 'acme-2f5b9c01a4d3e687-a');
    assert.equal(pod?.metadata.deletionTimestamp, undefined);
    assert.deepEqual(pod?.['spec'], before?.['spec']);
    assert.deepEqual([pod?.metadata.ownerReferences, pod?.metadata.finalizers], [[], undefined]);
    const labels = cluster.find('Node', 'a')?.metadata.labels ?? {};
    assert.ok('beta.kmm.node.kubernetes.io/version-module-loader.gpu.acme' in labels);
    assert.ok(!('kmm.node.kubernetes.io/acme.ready' in labels));
  });

  test('of 1.x takes the last label once the loader pod has ended', async () => {
    const cluster = createKmmCluster(readFixture('kmm-1'));
    await run(cluster);
    const pod = cluster.find('Pod', 'acme-2f5b9c01a4d3e687-a');
    await cluster.delete(
      { kind: 'Pod', namespace: 'gpu', name: 'acme-2f5b9c01a4d3e687-a' },
      { uid: pod?.metadata.uid ?? '', orphan: false },
    );
    const { done } = await run(cluster);
    assert.deepEqual(
      done.map(({ kind, change }) => [kind, change]),
      [['Node', { action: 'remove-labels', labels: ['beta.kmm.node.kubernetes.io/version-module-loader.gpu.acme'] }]],
    );
  });

  test('finds helper kinds that the cluster never had simply absent', async () => {
    const objects = readFixture('kmm-1');
    const absent = ['ModuleImagesConfig', 'ModuleBuildSignConfig', 'NodeModulesConfig'] as const;
    const { left } = await run(createKmmCluster(objects, absent));
    assert.deepEqual(left.kind === 'planned' && left.steps, []);
  });

  test('plans a step anew when the object changed meanwhile, and loses no finalizer of others', async () => {
    const cluster = createKmmCluster(readFixture('kmm-2'));
    cluster.meanwhile = () => {
      cluster.meanwhile = undefined;
      const module = cluster.find('Module', 'acme');
      assert.ok(module);
      module.metadata = { ...module.metadata, resourceVersion: 'later' };
      module.metadata.finalizers?.push('example.com/late');
    };
    await run(cluster);
    assert.deepEqual(cluster.find('Module', 'acme')?.metadata.finalizers, ['example.com/audit', 'example.com/late']);
  });

  test('waits for a pod that holds a label, and gives up in the end with what is left', async () => {
    const cluster = createKmmCluster(readFixture('kmm-2'));
    const pod = cluster.find('Pod', 'acme-device-plugin-9wq2-a');
    pod?.metadata.finalizers?.push('example.com/stuck');
    let pauses = 0;
    const { left } = await runMigration(cluster, {
      pause: async () => {
        pauses += 1;
      },
    });
    assert.ok(pauses > 10);
    assert.deepEqual(left.kind === 'planned' && left.steps.map(({ kind }) => kind), ['Node']);
  });
});
