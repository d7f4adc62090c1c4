import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { renderKernelLabelPolicy } from '../../../infra/kubernetes/policies/kernel-label-policy.ts';
import { dedupe } from '../../../shared/events/dedupe.ts';
import type { NodeTrigger } from '../../../shared/events/trigger.ts';
import { betaPrefix, labels, prefix } from '../../../shared/kmm/labels.ts';
import type { Node } from '../../../shared/kubernetes/objects.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { type HookedPlane, hookSecret, startHookedPlane, triggersOf } from '../support/control-plane/hooked-plane.ts';
import { addNodes, nodesReady } from '../support/control-plane/nodes.ts';
import { until } from '../support/control-plane/until.ts';

const skip = await missingControlPlane();
const name = 'n1';
const url = `/api/v1/nodes/${name}`;

describe('reviews of nodes by a real API server', { skip }, () => {
  let plane: HookedPlane;
  before(async () => {
    plane = await startHookedPlane();
  });
  after(() => plane.stop());

  const patch = (body: object, query = '') => plane.api.call('PATCH', `${url}${query}`, body, mergePatch);
  const patchStatus = (body: object) => plane.api.call('PATCH', `${url}/status`, body, mergePatch);
  const label = (key: string, value: string | null) => patch({ metadata: { labels: { [key]: value } } });
  const taints = (...list: object[]) => patch({ spec: { taints: list } });
  const read = async () => plane.admin.get('Node', { name });
  const kernel = (kernelVersion: string) => patchStatus({ status: { nodeInfo: { kernelVersion } } });

  test('a join is one review, and one more for the labels that the node controller adds', async () => {
    const reviews = await plane.during(async () => {
      await addNodes(plane.admin, [{ name, kernelVersion: '6.1.0-1', bootId: 'b1' }]);
      await nodesReady(plane.admin, [name]);
      await nodeIs(({ metadata, spec }) => 'beta.kubernetes.io/os' in metadata.labels && !spec?.taints?.length);
    });
    const [joined, ...rest] = triggersOf(reviews);
    assert.deepEqual([joined, ...dedupe(rest)], [node('joined', '6.1.0-1', 'b1'), node('changed', '6.1.0-1', 'b1')]);
    assert.deepEqual(reviews[0]?.path, `/cluster/${hookSecret}/node?timeout=1s`);
    assert.equal(reviews[0]?.headers['authorization'], undefined);
  });

  type Row = [what: string, write: () => Promise<unknown>, triggers: NodeTrigger[]];
  const now = [node('changed', '6.1.0-1', 'b1')];
  const nothing: NodeTrigger[] = [];
  const timeAdded = '2026-01-01T00:00:00Z';
  const [one, two] = [
    { key: 'example.com/a', effect: 'NoSchedule', value: 'x' },
    { key: 'example.com/b', effect: 'NoSchedule' },
  ];
  const rows: Row[] = [
    ['twenty heartbeats', heartbeats, nothing],
    ['an annotation', () => patch({ metadata: { annotations: { 'example.com/a': 'b' } } }), nothing],
    ['cordon and uncordon', cordon, nothing],
    ['a kernel', () => kernel('6.1.0-2'), [node('changed', '6.1.0-2', 'b1')]],
    ['a boot', () => patchStatus({ status: { nodeInfo: { bootID: 'b2' } } }), [node('changed', '6.1.0-2', 'b2')]],
    ['kernel, boot and a label in one write', everything, now],
    ['a foreign label', () => label('example.com/a', '1'), now],
    ['… changed', () => label('example.com/a', '2'), now],
    ['… removed', () => label('example.com/a', null), now],
    ['… through the status', () => patchStatus({ metadata: { labels: { 'example.com/s': '1' } } }), now],
    ['a foreign label that ends in .ready', () => label('example.com/a.b.ready', ''), now],
    ["the admin's wish for a version", () => label(labels.versionModule('ns', 'mod'), '2'), now],
    ['our ready label', () => label(labels.ready('ns', 'mod'), ''), nothing],
    ["our device plugin's", () => label(labels.devicePluginReady('ns', 'mod'), ''), nothing],
    ['our version label', () => label(`${prefix}ns.mod.version.ready`, '2'), nothing],
    ['our beta label', () => label(`${betaPrefix}version-worker-pod.ns.mod`, '2'), nothing],
    ['the label of the kernel', () => label(labels.kernelVersion, '6.1.0-1'), nothing],
    ['ours and a foreign one at once', oursAndForeign, now],
    ['a foreign taint', () => taints(one), now],
    ['… with another value', () => taints({ ...one, value: 'y' }), now],
    ['… with another effect', () => taints({ ...one, effect: 'NoExecute' }), now],
    ['… beside a second', () => taints(one, two), now],
    [
      'the same taints in another order, with times',
      () => taints({ ...two, timeAdded }, { ...one, timeAdded }),
      nothing,
    ],
    ['… removed', () => taints(), now],
    ['taints that come and go with a start', () => taints(...startTaints), nothing],
    ['… and leave', () => taints(), nothing],
    ['a write that is refused', () => assert.rejects(label('example.com/a', 'not a label!')), nothing],
  ];
  for (const [what, write, triggers] of rows) {
    test(`${what}: ${triggers.length === 0 ? 'no review' : 'one trigger'}`, async () => {
      const reviews = await plane.during(write);
      assert.equal(reviews.length > 0, triggers.length > 0, reviews.map((review) => review.what).join(', '));
      // A write that meets a controller's is retried by the server, and reviewed anew each time.
      assert.deepEqual(dedupe(triggersOf(reviews)), triggers);
    });
  }

  test('a dry run is a review that says so, and no trigger', async () => {
    const body = { metadata: { labels: { 'example.com/dry': 'run' } } };
    const reviews = await plane.during(() => patch(body, '?dryRun=All'));
    assert.deepEqual(
      reviews.map(({ dryRun }) => dryRun),
      [true],
    );
    assert.deepEqual(triggersOf(reviews), []);
  });

  test('with the label policy on, a kernel and its label are one review', async () => {
    const [policy, binding] = renderKernelLabelPolicy();
    const path = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolic';
    await plane.api.call('POST', `${path}ies`, policy);
    await plane.api.call('POST', `${path}ybindings`, binding);
    await policyWorks();
    const kernels = await plane.during(() => kernel('6.1.0-9+rt'));
    assert.deepEqual(triggersOf(kernels), [node('changed', '6.1.0-9+rt', 'b1')]);
    assert.equal((await read())?.metadata.labels[labels.kernelVersion], '6.1.0-9_rt');
    const stripped = await plane.during(() => label(labels.kernelVersion, 'falsified'));
    assert.deepEqual(stripped, []);
    assert.equal((await read())?.metadata.labels[labels.kernelVersion], '6.1.0-9_rt');
  });

  test('a deletion is reviewed at its start, not when the last finalizer goes', async () => {
    await patch({ metadata: { finalizers: ['example.com/hold'] } });
    const start = await plane.during(() => plane.admin.delete('Node', { name }));
    assert.deepEqual(triggersOf(start), [node('left', '6.1.0-9+rt', 'b1')]);
    assert.deepEqual(await plane.during(() => patch({ metadata: { finalizers: [] } })), []);
    assert.equal(await read(), undefined);
  });

  test('a collection that is deleted says no names, and each node is known all the same', async () => {
    const nodes = ['c1', 'c2'].map((each) => ({ name: each, kernelVersion: '6.1.0-1', labels: { set: 'c' } }));
    await addNodes(plane.admin, nodes);
    await nodesReady(plane.admin, ['c1', 'c2']);
    const reviews = await plane.during(() => plane.api.call('DELETE', '/api/v1/nodes?labelSelector=set%3Dc'));
    const left = dedupe(triggersOf(reviews.filter(({ what }) => what === 'DELETE nodes')));
    assert.deepEqual(left.map((trigger) => trigger.kind === 'node' && `${trigger.name} ${trigger.change}`).sort(), [
      'c1 left',
      'c2 left',
    ]);
  });

  async function heartbeats() {
    for (let i = 0; i < 20; i += 1) {
      const lastHeartbeatTime = new Date(timeOf(i)).toISOString();
      const condition = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ok', lastHeartbeatTime };
      await patchStatus({ status: { conditions: [condition] } });
    }
  }

  async function cordon() {
    await patch({ spec: { unschedulable: true } });
    await nodeIs(({ spec }) => (spec?.taints ?? []).some(({ key }) => key === 'node.kubernetes.io/unschedulable'));
    await patch({ spec: { unschedulable: null } });
    await nodeIs(({ spec }) => !spec?.taints?.length);
  }

  function everything() {
    const nodeInfo = { kernelVersion: '6.1.0-1', bootID: 'b1' };
    return patchStatus({ metadata: { labels: { 'example.com/all': '1' } }, status: { nodeInfo } });
  }

  function oursAndForeign() {
    return patch({ metadata: { labels: { [labels.ready('ns', 'other')]: '', 'example.com/other': '1' } } });
  }

  async function nodeIs(fits: (node: Node) => boolean) {
    await until('the node is as asked', async () => {
      const found = await read();
      return found !== undefined && fits(found);
    });
  }

  /** A policy takes effect a moment after it was made. */
  async function policyWorks() {
    let tries = 0;
    await until('the policy labels nodes', async () => {
      // Another value each time: the policy looks at labels that move.
      await label(labels.kernelVersion, `nonsense-${++tries}`);
      return (await read())?.metadata.labels[labels.kernelVersion] === '6.1.0-1';
    });
  }
});

const mergePatch = 'application/merge-patch+json';
const startTaints = [
  'node.kubernetes.io/out-of-service',
  'node.cloudprovider.kubernetes.io/uninitialized',
  'karpenter.sh/unregistered',
  'ebs.csi.aws.com/agent-not-ready',
].map((key) => ({ key, effect: 'NoSchedule' }));

function node(change: NodeTrigger['change'], kernelVersion: string, bootID: string): NodeTrigger {
  return { kind: 'node', name, change, hint: { kernelVersion, bootID, architecture: 'amd64' } };
}

function timeOf(second: number): number {
  return Date.UTC(2026, 0, 1, 0, 0, second);
}
