import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderEvent } from '../../../shared/desired/events.ts';

const loaded = {
  involved: { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u1' },
  reason: 'ModuleLoaded',
  type: 'Normal',
  message: 'gpu/acme is loaded',
  now: new Date('2026-01-02T03:04:05.678Z'),
} as const;

describe('an Event', () => {
  it('has one name for one transition, whenever it is told', () => {
    const later = renderEvent({ ...loaded, now: new Date('2026-01-02T04:00:00Z') });
    assert.equal(renderEvent(loaded).metadata.name, later.metadata.name);
    const again = renderEvent({ ...loaded, transition: 'containerd://2' });
    assert.notEqual(again.metadata.name, later.metadata.name);
    assert.notEqual(renderEvent({ ...loaded, reason: 'ModuleUnloaded' }).metadata.name, later.metadata.name);
  });

  it('stands in the namespace of its object, for a Node in default', () => {
    assert.equal(renderEvent(loaded).metadata.namespace, 'default');
    const involved = { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', namespace: 'gpu', name: 'acme' };
    assert.equal(renderEvent({ ...loaded, involved }).metadata.namespace, 'gpu');
  });

  it('fits the API: whole seconds, a bounded message, a bounded name', () => {
    const event = renderEvent({
      ...loaded,
      involved: { ...loaded.involved, name: 'n'.repeat(253) },
      message: 'x'.repeat(5000),
    });
    assert.equal(event['firstTimestamp'], '2026-01-02T03:04:05Z');
    assert.equal(String(event['message']).length, 1024);
    assert.equal(event.metadata.name.length, 253);
  });
});
