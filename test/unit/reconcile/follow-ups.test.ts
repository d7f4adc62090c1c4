import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KernelEntry } from '../../../shared/kmm/status.ts';
import { planTarget } from '../../../shared/reconcile/plan-target.ts';
import { toEntry } from '../../../shared/reconcile/to-entry.ts';
import { followUp } from '../../../shared/steps/follow-ups.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { ago, liveDaemonSet, now, targetFacts } from '../../builders/target-facts.ts';

const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
const target = targetFacts().target;

/** A look (or, without `attempt`, another run) at a target whose rollout is under way. */
function look(before: Partial<KernelEntry>, attempt?: number) {
  const entry: KernelEntry = { state: 'RollingOut', digest: digestA, observedGeneration: 1, ...before };
  const facts = targetFacts({
    entry,
    daemonSet: liveDaemonSet({ updated: 1 }),
    cause: { imageEvent: false, rollout: false, ...(attempt === undefined ? {} : { attempt }) },
  });
  const after = toEntry(facts, planTarget(facts));
  const messages = followUp({ target, before: entry, after, now, attempt, retry: attempt !== undefined });
  return messages.map((message) =>
    'trigger' in message && message.trigger.kind === 'resolve' ? [message.delaySeconds, message.trigger.attempt] : [],
  );
}

describe('delayed looks at a rollout', () => {
  it('lead to the next one when they are due', () => {
    assert.deepEqual(look({ nextTry: ago(0) }, 1), [[30, 2]]);
  });

  it('end when they are of a rollout before this one, whose own look is still to come', () => {
    assert.deepEqual(look({ nextTry: inSeconds(25) }, 7), []);
  });

  it('pass themselves on when only the clocks differ', () => {
    assert.deepEqual(look({ nextTry: inSeconds(1) }, 2), [[1, 2]]);
  });

  it('begin anew when a rollout that had failed goes on', () => {
    assert.deepEqual(look({ state: 'RolloutFailed' }), [[11, 1]]);
  });

  it('are not started by other runs', () => {
    assert.deepEqual(look({ nextTry: inSeconds(25) }), []);
    assert.deepEqual(look({ nextTry: ago(5) }), []);
  });
});
