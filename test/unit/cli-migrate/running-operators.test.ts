import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planMigration } from '../../../infra/cli/migrate/plan-migration.ts';
import { readSnapshot } from '../../../infra/cli/migrate/read-snapshot.ts';
import { createKmmCluster, readFixture } from './kmm-cluster.ts';

const helm = { 'app.kubernetes.io/part-of': 'kmm', 'app.kubernetes.io/component': 'kmm' };

async function refusal(
  name: string,
  spec: object = {},
  more: { labels?: Record<string, string>; status?: object } = {},
) {
  const { labels = {}, status = {} } = more;
  const operator = { kind: 'Deployment' as const, metadata: { name, namespace: 'any', labels }, spec, status };
  const plan = planMigration(await readSnapshot(createKmmCluster([...readFixture('kmm-2'), operator])));
  return plan.kind === 'refused' ? plan.why : undefined;
}

suite('a migration while the operator runs', () => {
  const names = [
    'kmm-operator-controller',
    'kmm-operator-controller-manager',
    'kmm-operator-webhook',
    'kmm-operator-webhook-server',
    'kmm-operator-hub-controller',
    'kmm-operator-hub-controller-manager',
    'kmm-operator-hub-webhook-server',
  ];
  for (const name of names) {
    test(`is refused for ${name} in any namespace, with how to scale it down`, async () => {
      const [why, ...more] = (await refusal(name)) ?? [];
      assert.match(why ?? '', new RegExp(`kubectl scale -n any deployment/${name} --replicas=0`));
      assert.deepEqual(more, []);
    });
  }

  test('is refused for one that another installer named, by its labels', async () => {
    assert.match(
      (await refusal('gpu-operator-kmm-controller', { replicas: 2 }, { labels: helm }))?.[0] ?? '',
      /--replicas=0/,
    );
  });

  test('is refused with the words for OLM, which would scale it up again', async () => {
    const labels = { 'olm.owner': 'kernel-module-management.v2.4.1' };
    const why = (await refusal('kmm-operator-controller', {}, { labels }))?.[0] ?? '';
    assert.match(why, /delete clusterserviceversion -n any kernel-module-management\.v2\.4\.1/);
    assert.doesNotMatch(why, /kubectl scale/);
  });

  test('is refused while a last pod still runs', async () => {
    const why = await refusal('kmm-operator-controller', { replicas: 0 }, { status: { replicas: 1 } });
    assert.match(why?.[0] ?? '', /wait/);
  });

  const fine: [what: string, name: string, spec: object][] = [
    ['one that is scaled down', 'kmm-operator-controller', { replicas: 0 }],
    ['a Deployment of ours', 'kmm-functions', { replicas: 1 }],
    ['a Deployment of somebody else', 'kmm-operator-dashboard', { replicas: 1 }],
  ];
  for (const [what, name, spec] of fine) {
    test(`is not refused for ${what}`, async () => assert.equal(await refusal(name, spec), undefined));
  }
});
