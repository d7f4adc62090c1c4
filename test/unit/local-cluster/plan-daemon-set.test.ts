import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { planDaemonSet } from '../../../infra/local/cluster/agent/plan-daemon-set.ts';
import { resolveMaxUnavailable } from '../../../infra/local/cluster/agent/pods-to-replace.ts';
import { daemonSetView, podView } from '../../../infra/local/cluster/agent/views.ts';
import { StoredObject } from '../../../infra/local/cluster/store/object.ts';
import type { ControlledSet, RunningPod } from '../../../infra/local/cluster/store/readable.ts';
import { aDaemonSet, type DaemonSetOverrides } from '../../builders/daemon-set.ts';
import { aNode } from '../../builders/node.ts';
import { aPod, type PodOverrides } from '../../builders/pod.ts';

const now = new Date('2026-01-01T00:01:00Z');
const nodes = ['n1', 'n2', 'n3'].map((name) => aNode({ name }));

describe('where pods belong', () => {
  test('each matching node without a pod gets one', () => {
    const plan = planFor(
      { nodeSelector: { zone: 'a' } },
      [aNode({ name: 'in', labels: { zone: 'a' } }), aNode({ name: 'out' })],
      [],
    );
    assert.deepEqual(plan.create, ['in']);
    assert.deepEqual([plan.status.desiredNumberScheduled, plan.status.numberUnavailable], [1, 1]);
  });

  test('a pod leaves a node that does not match any more', () => {
    assert.deepEqual(removed(planFor({ nodeSelector: { zone: 'a' } }, nodes, [pod('n1')])), ['pod-n1']);
  });

  const tainted: [effect: string, key: string, creates: boolean, removes: boolean][] = [
    ['NoSchedule', 'x.example/y', false, false],
    ['NoExecute', 'x.example/y', false, true],
    ['PreferNoSchedule', 'x.example/y', true, false],
    ['NoSchedule', 'node.kubernetes.io/unschedulable', true, false],
    ['NoSchedule', 'node.kubernetes.io/not-ready', false, false],
    ['NoExecute', 'node.kubernetes.io/unreachable', true, false],
  ];
  for (const [effect, key, creates, removes] of tainted) {
    test(`the taint ${key}:${effect} ${creates ? 'lets' : 'keeps'} pods start and ${removes ? 'removes' : 'keeps'} what runs`, () => {
      const node = aNode({ name: 'n1', taints: [{ key, effect }] });
      assert.equal(planFor({}, [node], []).create.length === 1, creates);
      assert.equal(planFor({}, [node], [pod('n1')]).remove.length === 1, removes);
    });
  }

  test('a finished pod makes room as soon as it is being deleted, one that runs out its grace period does not', () => {
    const deletionTimestamp = '2026-01-01T00:10:00Z';
    assert.deepEqual(planFor({}, [aNode({ name: 'n1' })], [pod('n1', { deletionTimestamp })]).create, []);
    assert.deepEqual(
      planFor({}, [aNode({ name: 'n1' })], [pod('n1', { deletionTimestamp, phase: 'Succeeded' })]).create,
      ['n1'],
    );
  });

  test('a failed pod and a second pod of a node are removed', () => {
    const one = [aNode({ name: 'n1' })];
    assert.deepEqual(removed(planFor({}, one, [pod('n1', { phase: 'Failed' })])), ['pod-n1']);
    assert.equal(planFor({}, one, [pod('n1'), pod('n1', { name: 'second' })]).remove.length, 1);
  });
});

describe('rolling updates', () => {
  const old = { labels: { 'controller-revision-hash': 'old' } };

  test('one at a time, and none while another is unavailable', () => {
    const pods = [pod('n1', old), pod('n2', old), pod('n3', old)];
    assert.equal(planFor({ maxUnavailable: 1 }, nodes, pods).remove.length, 1);
    const waiting = [pod('n1', { ready: false }), pod('n2', old), pod('n3', old)];
    assert.equal(planFor({ maxUnavailable: 1 }, nodes, waiting).remove.length, 0);
  });

  test('outdated pods that are not available go at once', () => {
    const pods = [pod('n1', { ...old, ready: false }), pod('n2', { ...old, ready: false }), pod('n3', old)];
    assert.deepEqual(removed(planFor({ maxUnavailable: 1 }, nodes, pods)), ['pod-n1', 'pod-n2']);
  });

  test('an update does not go on before the new pod has been ready for minReadySeconds', () => {
    const fresh = pod('n1', {}, '2026-01-01T00:00:55Z');
    const plan = planFor({ maxUnavailable: 1, minReadySeconds: 10 }, nodes, [fresh, pod('n2', old), pod('n3', old)]);
    assert.deepEqual(removed(plan), []);
    assert.equal(plan.againInMs, 5000);
    assert.deepEqual([plan.status.numberReady, plan.status.numberAvailable], [3, 2]);
  });

  test('an update never takes more available pods away than maxUnavailable leaves', () => {
    const state = fc.constantFrom('updated', 'outdated', 'unready', 'terminating', 'absent');
    fc.assert(
      fc.property(
        fc.array(state, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        (states, maxUnavailable) => {
          const on = states.map((_, index) => aNode({ name: `m${index}` }));
          const plan = planFor({ maxUnavailable }, on, states.flatMap(podIn));
          const standing = states.filter((each) => each === 'updated' || each === 'outdated').length;
          const taken = plan.remove.filter((each) => each.status?.conditions?.[0]?.status === 'True').length;
          const unavailable = states.length - standing;
          assert.ok(unavailable + taken <= Math.max(unavailable, maxUnavailable));
          const outdated = states.filter((each) => each === 'outdated').length;
          assert.equal(taken, Math.min(outdated, Math.max(0, maxUnavailable - unavailable)));
        },
      ),
    );
  });

  const podIn = (state: string, index: number): RunningPod[] => {
    if (state === 'absent') return [];
    const revision = state === 'updated' ? {} : old;
    const end = state === 'terminating' ? { deletionTimestamp: '2026-01-01T00:10:00Z' } : {};
    return [pod(`m${index}`, { ...revision, ...end, ready: state !== 'unready' })];
  };

  const counts: [value: number | string, wanted: number, count: number][] = [
    [1, 10, 1],
    [0, 10, 1],
    ['10%', 10, 1],
    ['10%', 11, 2],
    ['100%', 7, 7],
    ['0%', 7, 1],
    ['3', 7, 3],
    ['nonsense', 7, 1],
  ];
  for (const [value, wanted, count] of counts) {
    test(`maxUnavailable ${value} of ${wanted} is ${count}`, () => {
      assert.equal(resolveMaxUnavailable(value, wanted), count);
    });
  }
});

function planFor(set: DaemonSetOverrides, on: ReturnType<typeof aNode>[], pods: RunningPod[]) {
  const view: ControlledSet = daemonSetView(StoredObject.parse(aDaemonSet(set)));
  return planDaemonSet(view, on, pods, 'new', now);
}

function pod(nodeName: string, overrides: PodOverrides = {}, readySince = '2026-01-01T00:00:00Z'): RunningPod {
  const labels = { 'controller-revision-hash': 'new', ...overrides.labels };
  const { status, spec, ...rest } = aPod({ name: `pod-${nodeName}`, ...overrides, nodeName, labels });
  const conditions = status?.conditions?.map((condition) => ({ ...condition, lastTransitionTime: readySince }));
  return podView(StoredObject.parse({ ...rest, spec: { ...spec, containers: [] }, status: { ...status, conditions } }));
}

function removed(plan: { remove: RunningPod[] }): string[] {
  return plan.remove.map(({ metadata }) => metadata.name);
}
