import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObject } from '../../../shared/kubernetes/read-object.ts';

const condition = { type: 'KernelDeadlock', status: 'False', lastTransitionTime: null };
const node = { metadata: { name: 'n' }, spec: { taints: null }, status: { conditions: [condition] } };

test('null is absent, wherever it stands: one condition without a time must not hide a fleet', () => {
  const { spec, status } = readObject('Node', node);
  assert.deepEqual(spec, {});
  assert.deepEqual(status?.conditions, [{ type: 'KernelDeadlock', status: 'False' }]);
  const started = { name: 'c', ready: null, state: { running: { startedAt: null } }, lastState: null };
  const pod = readObject('Pod', { metadata: { name: 'p' }, status: { containerStatuses: [started] } });
  assert.deepEqual(pod.status?.containerStatuses, [
    { name: 'c', ready: false, restartCount: 0, state: { running: {} } },
  ]);
});

test('what is wrong without its nulls is refused with its path', () => {
  const wrong = { metadata: { name: 'n' }, status: { conditions: [{ ...condition, status: 7 }] } };
  assert.throws(() => readObject('Node', wrong), { code: 'INVALID_INPUT', message: /status\.conditions\.0\.status/ });
  assert.throws(() => readObject('Node', { metadata: { name: null } }), { message: /metadata\.name/ });
  assert.throws(() => readObject('Node', null), { code: 'INVALID_INPUT' });
});
