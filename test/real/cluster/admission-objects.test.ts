import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dedupe } from '../../../shared/events/dedupe.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { annotations, labels } from '../../../shared/kmm/labels.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { type HookedPlane, startHookedPlane, triggersOf } from '../support/control-plane/hooked-plane.ts';
import { installModuleCrd } from '../support/control-plane/install-module-crd.ts';
import { addNodes } from '../support/control-plane/nodes.ts';
import { until } from '../support/control-plane/until.ts';

const skip = await missingControlPlane();
const namespace = 'default';
const modules = '/apis/kmm.sigs.x-k8s.io/v1beta1/namespaces/default/modules';
const jobs = '/apis/batch/v1/namespaces/default/jobs';

type Row = [what: string, write: () => Promise<unknown>, triggers: Trigger[]];

describe('reviews of Modules and Jobs by a real API server', { skip }, () => {
  let plane: HookedPlane;
  before(async () => {
    plane = await startHookedPlane();
    await installModuleCrd(plane);
  });
  after(() => plane.stop());

  const send = (method: string, path: string, body?: object) => plane.api.call(method, path, body, typeOf(method));
  const ofModule = (deleted: boolean): Trigger => ({ kind: 'module', namespace, name: 'm', deleted });
  const annotate = (key: string, value: string | null) =>
    send('PATCH', `${modules}/m`, { metadata: { annotations: { [key]: value } } });
  const container = (image: string) => ({ spec: { moduleLoader: { container: { containerImage: image } } } });

  const rows: Row[] = [
    ['a Module is created', () => send('POST', modules, module('m')), [ofModule(false)]],
    ['… its spec changes', () => send('PATCH', `${modules}/m`, container('example.invalid/m:2')), [ofModule(false)]],
    ['… its status', () => send('PATCH', `${modules}/m/status`, { status: { kernels: kernels } }), []],
    ['… a foreign annotation', () => annotate('example.com/a', 'b'), []],
    ['… one of ours', () => annotate(annotations.paused, 'true'), [ofModule(false)]],
    ['… removed', () => annotate(annotations.paused, null), [ofModule(false)]],
    ['… the manual call', () => annotate(annotations.reResolve, '2026-01-01T00:00:00Z'), [ofModule(false)]],
    ['… a label', () => send('PATCH', `${modules}/m`, { metadata: { labels: { a: 'b' } } }), [ofModule(false)]],
    ['… an apply', () => apply(), [ofModule(false)]],
    ['… the same apply', () => apply(), []],
    ['… a finalizer', () => send('PATCH', `${modules}/m`, { metadata: { finalizers: ['example.com/hold'] } }), []],
    ['… its deletion starts', () => send('DELETE', `${modules}/m`), [ofModule(true)]],
    ['… its finalizer goes', () => send('PATCH', `${modules}/m`, { metadata: { finalizers: [] } }), []],
  ];
  for (const [what, write, triggers] of rows) {
    test(`${what}: ${triggers.length === 0 ? 'no review' : 'one review'}`, async () => {
      const reviews = await plane.during(write);
      assert.equal(reviews.length, triggers.length > 0 ? 1 : 0, reviews.map((review) => review.what).join(', '));
      assert.deepEqual(triggersOf(reviews).map(withoutGeneration), triggers);
    });
  }

  test('a collection of Modules that is deleted is one review for each, all with their names', async () => {
    for (const name of ['a', 'b']) await send('POST', modules, module(name));
    const reviews = await plane.during(() => send('DELETE', modules));
    assert.deepEqual(
      triggersOf(reviews),
      ['a', 'b'].map((name) => ({ kind: 'module', namespace, name, deleted: true })),
    );
  });

  test('a Job that completes and one that fails are a trigger each; its other changes and its end are none', async () => {
    await addNodes(plane.admin, [{ name: 'n1', kernelVersion: '6.1.0' }]);
    const ended = (name: string): Trigger => ({ kind: 'job', namespace, module: 'm', name });
    const completes = await plane.during(async () => {
      await send('POST', jobs, job('completes'));
      await endPodOf('completes', 'Succeeded');
      await hasCondition('completes', 'Complete');
    });
    assert.deepEqual(dedupe(triggersOf(ofJobs(completes))), [ended('completes')]);
    const fails = await plane.during(async () => {
      await send('POST', jobs, job('fails'));
      await endPodOf('fails', 'Failed');
      await hasCondition('fails', 'Failed');
    });
    assert.deepEqual(dedupe(triggersOf(ofJobs(fails))), [ended('fails')]);
    const gone = await plane.during(() => send('DELETE', `${jobs}/completes?propagationPolicy=Background`));
    assert.deepEqual(ofJobs(gone), []);
  });

  function apply() {
    const path = `${modules}/m?fieldManager=someone&force=true`;
    return plane.api.call('PATCH', path, module('m'), 'application/apply-patch+yaml');
  }

  async function endPodOf(name: string, phase: 'Succeeded' | 'Failed') {
    const options = { namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` };
    await until(`a pod of ${name} runs`, async () => {
      const [pod] = await plane.admin.list('Pod', options);
      if (pod?.status?.phase !== 'Running') return false;
      await send('PATCH', `/api/v1/namespaces/default/pods/${pod.metadata.name}/status`, { status: { phase } });
      return true;
    });
  }

  async function hasCondition(name: string, type: string) {
    await until(`the Job ${name} is ${type}`, async () => {
      const found = await plane.admin.get('Job', { namespace, name });
      return (found?.status?.conditions ?? []).some((each) => each.type === type && each.status === 'True');
    });
  }
});

const kernels = { '6.1.0/amd64': { state: 'Ready' } };

function module(name: string) {
  return {
    apiVersion: 'kmm.sigs.x-k8s.io/v1beta1',
    kind: 'Module',
    metadata: { name },
    spec: {
      selector: { 'kubernetes.io/arch': 'amd64' },
      moduleLoader: {
        container: {
          modprobe: { moduleName: 'mod' },
          containerImage: 'example.invalid/m:1',
          kernelMappings: [{ regexp: '.+' }],
        },
      },
    },
  };
}

/** As a build Job: the Module's name, and no role on its pods. */
function job(name: string) {
  const own = { [labels.moduleName]: 'm' };
  const containers = [{ name: 'c', image: 'example.invalid/builder:1' }];
  const template = { metadata: { labels: own }, spec: { restartPolicy: 'Never', containers } };
  return { metadata: { name, labels: own }, spec: { backoffLimit: 0, template } };
}

function ofJobs<T extends { what: string }>(reviews: readonly T[]): T[] {
  return reviews.filter(({ what }) => /batch|pods/.test(what));
}

function typeOf(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

/** Each write raises it; that a review names it is shown by the recorded samples. */
function withoutGeneration(trigger: Trigger): Trigger {
  if (trigger.kind !== 'module') return trigger;
  const { generation: _raised, ...rest } = trigger;
  return rest;
}
