import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dedupe } from '../../../shared/events/dedupe.ts';
import type { RolloutTrigger, Trigger } from '../../../shared/events/trigger.ts';
import { labels, roles } from '../../../shared/kmm/labels.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import type { ReceivedReview } from '../support/control-plane/hook-receiver.ts';
import { type HookedPlane, startHookedPlane, triggersOf } from '../support/control-plane/hooked-plane.ts';
import { addNodes, nodesReady } from '../support/control-plane/nodes.ts';
import { until } from '../support/control-plane/until.ts';

const skip = await missingControlPlane();
const namespace = 'default';
const sets = '/apis/apps/v1/namespaces/default/daemonsets';
const pods = '/api/v1/namespaces/default/pods';
const nodes = Array.from({ length: 20 }, (_, index) => `n${index}`);
const few = nodes.slice(0, 5);

// Nodes that nobody reports for go Unknown after 16 s instead of 50.
const flags = {
  'kube-controller-manager': ['--node-monitor-grace-period=16s', '--node-monitor-period=1s'],
  kwok: ['--node-lease-duration-seconds=16'],
};

describe('reviews of a rollout by the real controllers', { skip }, () => {
  let plane: HookedPlane;
  before(async () => {
    plane = await startHookedPlane({ flags });
    await addNodes(
      plane.admin,
      nodes.map((name) => ({
        name,
        kernelVersion: '6.1.0',
        labels: { all: 'yes', ...(few.includes(name) && { few: 'yes' }) },
      })),
    );
    await nodesReady(plane.admin, nodes);
    await until('all nodes have the labels that the node controller adds', async () =>
      (await plane.admin.list('Node')).every(({ metadata }) => 'beta.kubernetes.io/os' in metadata.labels),
    );
  });
  after(() => plane.stop());

  const send = (method: string, path: string, body?: object) =>
    plane.api.call(method, path, body, method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  const rollout = (module: string, node?: string): Trigger => ({
    kind: 'rollout',
    namespace,
    module,
    ...(node && { node }),
  });

  test('a DaemonSet that no node wants is complete at once: one review, and one when it is deleted', async () => {
    const created = await plane.during(async () => {
      await send('POST', sets, daemonSet('nobody', { nowhere: 'yes' }));
      await complete('nobody', 0);
    });
    assert.deepEqual(whats(created), { 'UPDATE apps/daemonsets/status': 1 });
    assert.deepEqual(triggersOf(created), [rollout('nobody')]);
    const deleted = await plane.during(() => send('DELETE', `${sets}/nobody`));
    assert.deepEqual(triggersOf(deleted), [rollout('nobody')]);
  });

  test('on twenty nodes: unavailable, complete, and each pod once when it becomes ready', async () => {
    const reviews = await plane.during(async () => {
      await send('POST', sets, daemonSet('all', { all: 'yes' }));
      await complete('all', 20);
    });
    assert.deepEqual(Object.keys(whats(reviews)).sort(), ['UPDATE apps/daemonsets/status', 'UPDATE pods/status']);
    assert.equal(whats(reviews)['UPDATE apps/daemonsets/status'], 2);
    // A write of a pod that meets another is retried by the server, and reviewed anew: each pod is told once, or twice the same.
    const expected = [rollout('all'), ...nodes.map((node) => rollout('all', node))];
    assert.deepEqual(sorted(dedupe(triggersOf(reviews))), sorted(expected));
  });

  test('an annotation is none; another maxUnavailable is one, for its generation has to catch up', async () => {
    assert.deepEqual(
      await plane.during(() => send('PATCH', `${sets}/all`, { metadata: { annotations: { a: 'b' } } })),
      [],
    );
    const widened = await plane.during(async () => {
      await send('PATCH', `${sets}/all`, { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } } });
      await complete('all', 20);
    });
    assert.deepEqual(whats(widened), { 'UPDATE apps/daemonsets/status': 1 });
  });

  test('a new image on all at once is two reviews of the DaemonSet', async () => {
    const reviews = await plane.during(async () => {
      await send('PATCH', `${sets}/all`, image('example.invalid/loader:2'));
      await complete('all', 20);
    });
    assert.equal(whats(reviews)['UPDATE apps/daemonsets/status'], 2);
    const ready = reviews.filter(({ what }) => what === 'UPDATE pods/status');
    assert.deepEqual(sorted(dedupe(triggersOf(ready))), sorted(nodes.map((node) => rollout('all', node))));
  });

  test('node by node it is two reviews of the DaemonSet for each', async () => {
    await send('POST', sets, daemonSet('few', { few: 'yes' }));
    await complete('few', few.length);
    const reviews = await plane.during(async () => {
      await send('PATCH', `${sets}/few`, image('example.invalid/loader:2'));
      await complete('few', few.length);
    });
    assert.equal(whats(reviews)['UPDATE apps/daemonsets/status'], 2 * few.length);
    assert.ok(reviews.every((review) => triggersOf([review]).length === 1));
    await send('POST', sets, daemonSet('idle', { few: 'yes' }));
    await complete('idle', few.length);
  });

  // From here on the pods say only what we say for them.
  test('of a pod only what its containers do is told, and how a loader ends', async () => {
    await plane.stopComponent('kwok');
    const [pod] = await plane.admin.list('Pod', { namespace, labelSelector: `${labels.moduleName}=few` });
    const [name = '', node = ''] = [pod?.metadata.name, pod?.spec?.nodeName];
    const told = [rollout('few', node)];
    const path = `${pods}/${name}`;
    const container = (state: object, ready: boolean, restartCount = 0) =>
      send('PATCH', `${path}/status`, {
        status: { containerStatuses: [{ name: 'loader', image: 'i', imageID: '', ready, restartCount, state }] },
      });
    const waiting = { waiting: { reason: 'CrashLoopBackOff' } };
    const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
    const terminated = {
      exitCode: 17,
      message: 'modprobe: FATAL: Module mod is in use.',
      finishedAt: '2100-01-01T00:00:00Z',
    };
    const ended: RolloutTrigger = {
      kind: 'rollout',
      namespace,
      module: 'few',
      node,
      unloadFailed: { pod: name, exitCode: 17, message: terminated.message },
    };
    const rows: [what: string, write: () => Promise<unknown>, triggers: Trigger[]][] = [
      ['not ready any more', () => container(running, false), told],
      ['waits', () => container(waiting, false), []],
      ['restarts', () => container(running, false, 1), told],
      ['is ready', () => container(running, true, 1), told],
      ['the Ready condition alone', () => send('PATCH', `${path}/status`, notReady), []],
      ['an eviction asks no hook on pods', () => send('POST', `${path}/eviction`, eviction(name)), []],
      ['deleted once more', () => send('DELETE', path), []],
      ['stops', () => container(running, false, 1), told],
      ['ends badly', () => container({ terminated }, false, 1), []],
      ['goes', () => send('DELETE', path, { gracePeriodSeconds: 0 }), [ended]],
    ];
    for (const [what, write, triggers] of rows) {
      const reviews = await plane.during(write);
      assert.deepEqual(dedupe(triggersOf(about(name, reviews))), triggers, what);
    }
  });

  test('the request that starts the grace period of a loader is told before it begins', async () => {
    const [pod] = await plane.admin.list('Pod', { namespace, labelSelector: `${labels.moduleName}=all` });
    const name = pod?.metadata.name ?? '';
    const reviews = await plane.during(() => send('DELETE', `${pods}/${name}`));
    assert.deepEqual(triggersOf(about(name, reviews)), [rollout('all', pod?.spec?.nodeName)]);
  });

  test('of nodes that go Unknown neither a node nor a pod says anything; a DaemonSet may', async () => {
    const reviews = await plane.during(() =>
      // Unreachable nodes are tainted NoSchedule, which no pod of a DaemonSet tolerates by itself: they are not even desired.
      until('no node is left to the DaemonSet', async () => (await desired('idle')) === 0, 60_000),
    );
    // Its status may show pods that are unavailable first, or go from "5 of 5" to "0 of 0" at once, which is no flip.
    assert.deepEqual(
      Object.keys(whats(reviews)).filter((what) => what !== 'UPDATE apps/daemonsets/status'),
      [],
    );
  });

  async function desired(name: string) {
    return (await plane.admin.get('DaemonSet', { namespace, name }))?.status?.desiredNumberScheduled;
  }

  async function complete(name: string, available: number) {
    await until(`the DaemonSet ${name} is complete`, async () => {
      const found = await plane.admin.get('DaemonSet', { namespace, name });
      const { observedGeneration, updatedNumberScheduled, numberAvailable, numberUnavailable, desiredNumberScheduled } =
        found?.status ?? {};
      return (
        observedGeneration === found?.metadata.generation &&
        [updatedNumberScheduled, numberAvailable, desiredNumberScheduled].every((number) => number === available) &&
        numberUnavailable === 0
      );
    });
  }
});

const notReady = { status: { conditions: [{ type: 'Ready', status: 'False' }] } };

/** As ours are: the Module's name on it and on its pods, whose role says what they are. */
function daemonSet(name: string, nodeSelector: Record<string, string>): object {
  const own = { [labels.moduleName]: name };
  const template = {
    metadata: { labels: { ...own, set: name, [labels.role]: roles.moduleLoader } },
    spec: {
      nodeSelector,
      terminationGracePeriodSeconds: 600,
      containers: [{ name: 'loader', image: 'example.invalid/loader:1' }],
    },
  };
  return { metadata: { name, labels: own }, spec: { selector: { matchLabels: { set: name } }, template } };
}

function image(reference: string): object {
  return { spec: { template: { spec: { containers: [{ name: 'loader', image: reference }] } } } };
}

function eviction(name: string): object {
  return { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
}

/** How often each kind of review came. */
function whats(reviews: readonly ReceivedReview[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { what } of reviews) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
}

function about(pod: string, reviews: readonly ReceivedReview[]): ReceivedReview[] {
  return reviews.filter(({ body }) => JSON.stringify(body).includes(`"name":"${pod}"`));
}

function sorted(triggers: readonly Trigger[]): string[] {
  return triggers.map((trigger) => JSON.stringify(trigger)).sort();
}
