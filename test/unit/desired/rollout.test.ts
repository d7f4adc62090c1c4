import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planRollout } from '../../../shared/desired/rollout.ts';
import { DaemonSet } from '../../../shared/kubernetes/objects.ts';

const live = (maxUnavailable: number | string, status = {}) =>
  DaemonSet.parse({
    metadata: { name: 'd', generation: 4 },
    spec: {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
      template: { spec: { containers: [] } },
    },
    status: { observedGeneration: 4, desiredNumberScheduled: 40, updatedNumberScheduled: 1, ...status },
  });
const none = { podsOnDeadNodes: 0, updatedAvailable: 0, maxUnavailable: '10%' };

describe('the rollout of an update', () => {
  for (const [what, of, wanted] of [
    ['waits for the canary', { live: live(1), ...none }, undefined],
    ['lets dead nodes not be the canary', { live: live(1), ...none, podsOnDeadNodes: 2 }, { maxUnavailable: 3 }],
    ['forgets nodes that came back', { live: live(3), ...none }, { maxUnavailable: 1 }],
    ['widens when the canary is available', { live: live(1), ...none, updatedAvailable: 1 }, { maxUnavailable: '10%' }],
    ['is wide already', { live: live('10%'), ...none, updatedAvailable: 1 }, undefined],
    [
      'widens past dead nodes',
      { live: live(1), ...none, updatedAvailable: 1, podsOnDeadNodes: 5 },
      { maxUnavailable: 9 },
    ],
    ['widens to a number', { live: live(1), ...none, updatedAvailable: 1, maxUnavailable: '7' }, { maxUnavailable: 7 }],
    [
      'takes 10% for nonsense',
      { live: live(1), ...none, updatedAvailable: 1, maxUnavailable: '0' },
      { maxUnavailable: '10%' },
    ],
    [
      'decides nothing by old counts',
      { live: live(1, { observedGeneration: 3 }), ...none, updatedAvailable: 9 },
      undefined,
    ],
    [
      'has nothing left to replace',
      { live: live(1, { updatedNumberScheduled: 40 }), ...none, updatedAvailable: 40 },
      undefined,
    ],
  ] as const) {
    it(what, () => {
      assert.deepEqual(planRollout(of), wanted);
    });
  }
});
