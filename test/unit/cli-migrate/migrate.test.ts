import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { callKmm } from '../cli/call-kmm.ts';
import { emptyKubeconfig } from '../cli/kubeconfig.ts';
import { createKmmCluster, type KmmCluster, readFixture } from './kmm-cluster.ts';

const kubeconfig = emptyKubeconfig();

function migrate(cluster: KmmCluster, ...argv: string[]) {
  return callKmm(['migrate', '--kubeconfig', kubeconfig, ...argv], {
    ports: { connectMigration: async () => cluster },
  });
}

suite('kmm migrate', () => {
  test('--dry-run tells every step and note, and writes nothing', async () => {
    const cluster = createKmmCluster(readFixture('kmm-1'));
    const { code, stdout } = await migrate(cluster, '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /^STEP +OBJECT +WHY +WHAT\n/);
    assert.match(stdout, /\norphan +DaemonSet gpu\/acme-2f5b9c01a4d3e687 +makes no pods any more/);
    assert.match(stdout, /note: 1 loader pod of KMM 1\.x stays/);
    assert.match(
      stdout,
      /7 steps would be made; no kernel module is unloaded by any of them\. Nothing was changed\.\n$/,
    );
    assert.deepEqual(cluster.writes, []);
  });

  test('tells what it did', async () => {
    const { code, stdout } = await migrate(createKmmCluster(readFixture('kmm-2')), '-o', 'json');
    const report = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.equal(report.outcome, 'done');
    assert.equal(report.steps.length, 16);
    assert.deepEqual(report.left, []);
    assert.match(report.notes.join(), /Keep the CRD modules\.kmm\.sigs\.x-k8s\.io/);
  });

  test('refuses while the operator runs: exit code 1, how to go on, and nothing written', async () => {
    const objects = readFixture('kmm-2').map((one) =>
      one.metadata.name === 'kmm-operator-controller' ? { ...one, spec: { replicas: 1 } } : one,
    );
    for (const argv of [[], ['--dry-run']]) {
      const cluster = createKmmCluster(objects);
      const { code, stdout } = await migrate(cluster, ...argv);
      assert.equal(code, 1);
      assert.match(stdout, /Refused: KMM runs in this cluster\.\n.*kubectl scale -n kmm-operator-system/);
      assert.deepEqual(cluster.writes, []);
    }
  });

  test('has nothing to say of a cluster that never ran KMM', async () => {
    const { code, stdout } = await migrate(createKmmCluster([]), '--dry-run');
    assert.equal(code, 0);
    assert.equal(stdout, 'Nothing of KMM is to be taken out.\n');
  });
});
