import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Taint, Toleration } from '../../../shared/kubernetes/objects.ts';
import { podHealth } from '../../../shared/reconcile/pod-health.ts';
import { aDaemonSet } from '../../builders/daemon-set.ts';
import { aNode } from '../../builders/node.ts';
import { aPod } from '../../builders/pod.ts';

const silent: Taint[] = ['NoSchedule', 'NoExecute'].map((effect) => ({
  key: 'node.kubernetes.io/unreachable',
  effect,
}));
const everything: Toleration[] = [{ operator: 'Exists' }];

describe('dead nodes that the status of a DaemonSet still desires', () => {
  const cases: [what: string, taints: Taint[], tolerations: Toleration[], desired: number][] = [
    ['one that went silent a moment ago', [], [], 1],
    ['one that must run what it can', silent.slice(1), [], 1],
    ['none that it has given up', silent, [], 0],
    ['one whose taints the pods tolerate', silent, everything, 1],
    ['one that is cordoned', [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }], [], 1],
    ['none that is kept for others', [{ key: 'example.com/others', effect: 'NoSchedule' }], [], 0],
    ['one that is only not preferred', [{ key: 'example.com/slow', effect: 'PreferNoSchedule' }], [], 1],
  ];
  for (const [what, taints, tolerations, desired] of cases) {
    test(`counts ${what}`, () => {
      const node = aNode({ name: 'node-1', ready: 'Unknown', taints });
      const pods = [aPod({ nodeName: 'node-1', ready: false })];
      const health = podHealth(aDaemonSet({ tolerations }), pods, new Map([['node-1', node]]), new Date(0));
      assert.equal(health.desiredOnDeadNodes, desired);
      assert.equal(health.onDeadNodes, 1, 'its pod counts against maxUnavailable all the same');
    });
  }
});
