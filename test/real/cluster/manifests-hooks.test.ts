import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { renderEventHooks } from '../../../infra/kubernetes/hooks/event-hooks.ts';
import type { Installation } from '../../../infra/kubernetes/installation.ts';
import { admissionReview } from '../../../shared/events/sources/admission-review.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { installModuleCrd } from '../support/control-plane/install-module-crd.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane/start-control-plane.ts';
import { applyPolicies } from './apply-policies.ts';
import { cases, ignoredTaints, standing } from './hook-cases.ts';
import { type ReviewReceiver, startReviewReceiver } from './review-receiver.ts';

const secret = 's'.repeat(16);

describe('the event hooks on a real API server', { skip: await missingControlPlane() }, () => {
  let plane: ControlPlane;
  let receiver: ReviewReceiver;

  before(async () => {
    receiver = await startReviewReceiver();
    plane = await startControlPlane({ without: ['kube-controller-manager', 'kube-scheduler', 'kwok'] });
    await installModuleCrd(plane);
    for (const name of ['gpu', 'other']) await plane.api.call('POST', '/api/v1/namespaces', { metadata: { name } });
    await plane.api.call('POST', '/api/v1/namespaces/gpu/serviceaccounts', { metadata: { name: 'default' } });
    const events = { kind: 'hooks', door: { kind: 'url', sink: receiver.url, caBundle: receiver.ca } } as const;
    const installation: Installation = {
      namespace: 'kmm-functions',
      clusterName: 'test',
      profile: 'deployment',
      events,
      namespaces: ['gpu'],
      ignoredTaints,
      kernelLabel: 'function',
      secrets: { hook: secret, door: secret },
    };
    let probes = 0;
    await applyPolicies(plane, [renderEventHooks(installation, events)], async () => {
      await write('POST', '/api/v1/nodes?dryRun=All', { metadata: { name: `probe-${probes++}` } });
      return receiver.take().length > 0;
    });
    for (const [path, object] of standing) await plane.api.call('POST', path, object);
    receiver.take();
  });
  after(async () => {
    await plane?.stop();
    await receiver?.stop();
  });

  const write = (method: string, path: string, body?: object) =>
    plane.api.call(method, path, body, method === 'PATCH' ? 'application/merge-patch+json' : undefined);

  for (const [what, reviews, ...steps] of cases) {
    test(`${what}: ${reviews === 0 ? 'no call' : reviews}`, async () => {
      receiver.take();
      for (const [method, path, body] of steps) await write(method, path, body);
      const received = receiver.take();
      assert.equal(received.map(({ part }) => part).join(' '), reviews === 0 ? '' : reviews);
      for (const { path, body } of received) {
        assert.ok(path.startsWith(`/cluster/${secret}/`), 'the secret stands in the path');
        // What a hook lets through the door must find worth a run: one rule, in CEL and in TypeScript.
        const decoded = admissionReview.decode({ headers: {}, body }, { ignoredTaints });
        assert.deepEqual(
          decoded.map(({ kind }) => kind),
          ['triggers'],
        );
      }
    });
  }

  test('a dry run is asked about too, and the door drops it', async () => {
    await write('POST', '/api/v1/nodes?dryRun=All', { metadata: { name: 'never' } });
    const decoded = receiver
      .take()
      .flatMap(({ body }) => admissionReview.decode({ headers: {}, body }, { ignoredTaints }));
    assert.deepEqual(decoded, [{ kind: 'ignored', why: 'a dry run' }]);
  });
});
