import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WatchedKind } from '../../../shared/events/changes/triggers-of.ts';
import { triggersOf } from '../../../shared/events/changes/triggers-of.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { readObject } from '../../../shared/kubernetes/read-object.ts';
import type { Kind, Kinds } from '../../../shared/kubernetes/resources.ts';

const options = { ignoredTaints: defaultIgnoredTaints };
const read = <K extends Kind>(kind: K, object: unknown): Kinds[K] => readObject(kind, object, 'test');
const kmm = 'kmm.node.kubernetes.io';

function triggers<K extends WatchedKind>(kind: K, before: unknown, after: unknown) {
  const change = {
    ...(before !== undefined && { before: read(kind, before) }),
    ...(after !== undefined && { after: read(kind, after) }),
  };
  return triggersOf(kind, change, options);
}

type NodeShape = {
  kernel?: string;
  boot?: string;
  labels?: Record<string, string>;
  taints?: object[];
  annotations?: object;
  uid?: string;
};
const node = ({
  kernel = '6.1.0',
  boot = 'b',
  labels = { a: 'b' },
  taints = [],
  annotations = {},
  uid = 'u',
}: NodeShape = {}) => ({
  metadata: { name: 'n', uid, labels, annotations },
  spec: { taints },
  status: {
    nodeInfo: { kernelVersion: kernel, bootID: boot, architecture: 'amd64' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});
const taint = (key: string, value = 'v', effect = 'NoSchedule') => ({ key, value, effect });

describe('a node wakes functions', () => {
  const cases: [what: string, before: NodeShape, after: NodeShape, counts: boolean][] = [
    ['by its kernel', {}, { kernel: '6.2.0' }, true],
    ['by its boot id', {}, { boot: 'c' }, true],
    ['by a foreign label set', {}, { labels: { a: 'b', x: 'y' } }, true],
    ['by a foreign label changed', {}, { labels: { a: 'c' } }, true],
    ['by a foreign label removed', {}, { labels: {} }, true],
    ["by the admin's version label", {}, { labels: { a: 'b', [`${kmm}/version-module.ns.m`]: '2' } }, true],
    ['by a foreign label that ends in .ready', {}, { labels: { a: 'b', 'example.com/x.ready': '' } }, true],
    ['by our ready label and a foreign one together', {}, { labels: { a: 'c', [`${kmm}/ns.m.ready`]: '' } }, true],
    ['not by our ready label', {}, { labels: { a: 'b', [`${kmm}/ns.m.ready`]: '' } }, false],
    ['not by our device plugin label', {}, { labels: { a: 'b', [`${kmm}/ns.m.device-plugin-ready`]: '' } }, false],
    ['not by the kernel label', {}, { labels: { a: 'b', [`${kmm}/kernel-version.full`]: '6.1.0' } }, false],
    ['not by our beta labels', {}, { labels: { a: 'b', [`beta.${kmm}/version-worker-pod.ns.m`]: '1' } }, false],
    ['not by an annotation', {}, { annotations: { x: 'y' } }, false],
    ['not by a heartbeat', {}, {}, false],
    ['by a foreign taint', {}, { taints: [taint('x')] }, true],
    ['by the value of a taint', { taints: [taint('x')] }, { taints: [taint('x', 'w')] }, true],
    ['by the effect of a taint', { taints: [taint('x')] }, { taints: [taint('x', 'v', 'NoExecute')] }, true],
    ['by a taint removed', { taints: [taint('x')] }, {}, true],
    ['not by the order of taints', { taints: [taint('x'), taint('y')] }, { taints: [taint('y'), taint('x')] }, false],
    ['not by a cordon', {}, { taints: [taint('node.kubernetes.io/unschedulable')] }, false],
    ['not by a cloud start', { taints: [taint('node.cloudprovider.kubernetes.io/uninitialized')] }, {}, false],
    ['not by Karpenter', {}, { taints: [taint('karpenter.sh/disrupted')] }, false],
    ['not by a late agent', { taints: [taint('ebs.csi.aws.com/agent-not-ready')] }, {}, false],
  ];
  for (const [what, before, after, counts] of cases) {
    test(what, () => assert.equal(triggers('Node', node(before), node(after)).length, counts ? 1 : 0));
  }
  test('twice when another machine takes its name', () => {
    const found = triggers('Node', node(), node({ uid: 'v' }));
    assert.deepEqual(
      found.map((trigger) => trigger.kind === 'node' && trigger.change),
      ['left', 'joined'],
    );
  });
});

type PodShape = {
  role?: string;
  ready?: boolean;
  restarts?: number;
  init?: number;
  deletion?: string;
  terminated?: object;
  grace?: number;
};
const pod = ({
  role = 'module-loader',
  ready = false,
  restarts = 0,
  init = 0,
  deletion,
  terminated,
  grace = 600,
}: PodShape) => ({
  metadata: {
    name: 'p',
    namespace: 'ns',
    uid: 'u',
    labels: { [`${kmm}/module.name`]: 'm', ...(role && { [`${kmm}/role`]: role }) },
    ...(deletion && { deletionTimestamp: deletion, deletionGracePeriodSeconds: grace }),
  },
  spec: { nodeName: 'n' },
  status: {
    containerStatuses: [{ name: 'c', ready, restartCount: restarts, ...(terminated && { state: { terminated } }) }],
    initContainerStatuses: [{ name: 'i', ready: true, restartCount: init }],
  },
});
const rollout = { kind: 'rollout', namespace: 'ns', module: 'm', node: 'n' };

describe('a pod wakes functions', () => {
  const cases: [what: string, before: PodShape | undefined, after: PodShape | undefined, counts: boolean][] = [
    ['when a container becomes ready', {}, { ready: true }, true],
    ['when a container is not ready any more', { ready: true }, {}, true],
    ['when a container restarts', {}, { restarts: 1 }, true],
    ['when an init container restarts', {}, { init: 1 }, true],
    ['when its deletion starts', { ready: true }, { ready: true, deletion: '2026-11-24T10:10:00Z' }, true],
    ['when it goes', {}, undefined, true],
    ['when it is first seen ready', undefined, { ready: true }, true],
    ['not when it is created', undefined, {}, false],
    ['not when nothing that counts changed', { ready: true }, { ready: true }, false],
    ['not without a role, as a build has none', { role: '' }, { role: '', ready: true }, false],
  ];
  for (const [what, before, after, counts] of cases) {
    test(what, () => {
      assert.deepEqual(triggers('Pod', before && pod(before), after && pod(after)), counts ? [rollout] : []);
    });
  }

  const end = { exitCode: 1, message: 'rmmod: Module m is in use', finishedAt: '2026-11-24T10:05:00Z' };
  const lastWords: [what: string, PodShape, told: boolean][] = [
    ['a failed unload', { deletion: '2026-11-24T10:10:00Z', terminated: end }, true],
    [
      'no last words of one that ended well',
      { deletion: '2026-11-24T10:10:00Z', terminated: { ...end, exitCode: 0 } },
      false,
    ],
    ['no last words of a load that failed before', { deletion: '2026-11-24T10:20:00Z', terminated: end }, false],
    ['no last words without a deletion', { terminated: end }, false],
    [
      'no last words of a device plugin',
      { role: 'device-plugin', deletion: '2026-11-24T10:10:00Z', terminated: end },
      false,
    ],
  ];
  for (const [what, shape, told] of lastWords) {
    test(`and its last state tells ${what}`, () => {
      const unloadFailed = { pod: 'p', exitCode: 1, message: end.message };
      assert.deepEqual(triggers('Pod', pod(shape), undefined), [told ? { ...rollout, unloadFailed } : rollout]);
    });
  }
});

const daemonSet = (updated: number, available: number, unavailable = 0, observed = 2) => ({
  metadata: { name: 'd', namespace: 'ns', uid: 'u', generation: 2, labels: { [`${kmm}/module.name`]: 'm' } },
  spec: { template: { spec: { containers: [] } } },
  status: {
    observedGeneration: observed,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    numberUnavailable: unavailable,
  },
});

describe('a DaemonSet wakes functions', () => {
  const cases: [what: string, before: object | undefined, after: object | undefined, counts: boolean][] = [
    ['when it is complete', daemonSet(2, 3), daemonSet(3, 3), true],
    ['when its generation is caught up with', daemonSet(3, 3, 0, 1), daemonSet(3, 3), true],
    ['when it starts to hurt', daemonSet(1, 3), daemonSet(1, 2, 1), true],
    ['when it stops to hurt', daemonSet(1, 2, 1), daemonSet(1, 3), true],
    ['when it goes', daemonSet(1, 3), undefined, true],
    ['not for the steps between', daemonSet(1, 2, 1), daemonSet(2, 1, 2), false],
    ['not when it is created', undefined, { ...daemonSet(0, 0), status: {} }, false],
  ];
  for (const [what, before, after, counts] of cases) {
    test(what, () => assert.equal(triggers('DaemonSet', before, after).length, counts ? 1 : 0));
  }
});

const condition = (type: string) => ({ conditions: [{ type, status: 'True' }] });
const job = (status: object) => ({
  metadata: { name: 'j', namespace: 'ns', uid: 'u', labels: { [`${kmm}/module.name`]: 'm' } },
  status,
});

describe('a Job wakes functions', () => {
  const cases: [what: string, before: object | undefined, after: object | undefined, counts: boolean][] = [
    ['when it completes', {}, condition('Complete'), true],
    ['when it fails', condition('FailureTarget'), condition('Failed'), true],
    ['when it is first seen finished', undefined, condition('Complete'), true],
    ['not at its failure target', {}, condition('FailureTarget'), false],
    ['not twice', condition('Complete'), condition('Complete'), false],
    ['not when it goes', condition('Complete'), undefined, false],
  ];
  for (const [what, before, after, counts] of cases) {
    test(what, () => assert.equal(triggers('Job', before && job(before), after && job(after)).length, counts ? 1 : 0));
  }
});

const module = ({ generation = 1, labels = {}, annotations = {}, ...rest }: Record<string, unknown> = {}) => ({
  metadata: { name: 'm', namespace: 'ns', uid: 'u', generation, labels, annotations, ...rest },
  spec: {},
});
const asked = (value: string) => module({ annotations: { [`${kmm}/re-resolve`]: value } });
const changed = { kind: 'module', namespace: 'ns', name: 'm', deleted: false, generation: 1 };
const gone = { kind: 'module', namespace: 'ns', name: 'm', deleted: true };

describe('a Module wakes functions', () => {
  const cases: [what: string, before: object | undefined, after: object | undefined, found: object[]][] = [
    ['when it is created', undefined, module(), [changed]],
    ['when its spec changed', module(), module({ generation: 2 }), [{ ...changed, generation: 2 }]],
    ['when its labels changed', module(), module({ labels: { a: 'b' } }), [changed]],
    ['when an annotation of ours changed', module(), module({ annotations: { [`${kmm}/paused`]: 'true' } }), [changed]],
    ['when its deletion starts', module(), module({ deletionTimestamp: '2026-11-24T10:00:00Z' }), [gone]],
    ['when it goes', module(), undefined, [gone]],
    ['not for a foreign annotation', module(), module({ annotations: { a: 'b' } }), []],
    ['not for its status', module(), { ...module(), status: { kernels: {} } }, []],
    ['by a manual call, once', module(), asked('2026-11-24T10:00:00Z'), [changed]],
    ['by a forced call', asked('2026-11-24T10:00:00Z'), asked('2026-11-24T11:00:00Z force'), [changed]],
  ];
  for (const [what, before, after, found] of cases) {
    test(what, () => assert.deepEqual(triggers('Module', before, after), found));
  }
});

const configMap = (data: object) => ({ metadata: { name: 'c', namespace: 'ns', uid: 'u' }, data });

describe('a ConfigMap wakes functions', () => {
  const cases: [what: string, before: object | undefined, after: object | undefined, counts: boolean][] = [
    ['when a dockerfile appears', undefined, configMap({ dockerfile: 'FROM a' }), true],
    ['when it changes', configMap({ dockerfile: 'FROM a' }), configMap({ dockerfile: 'FROM b' }), true],
    ['when it goes', configMap({ dockerfile: 'FROM a' }), undefined, true],
    ['when the key goes', configMap({ dockerfile: 'FROM a' }), configMap({}), true],
    ['not for another key', configMap({ dockerfile: 'FROM a' }), configMap({ dockerfile: 'FROM a', x: 'y' }), false],
    ['not without that key', undefined, configMap({ x: 'y' }), false],
  ];
  for (const [what, before, after, counts] of cases) {
    test(what, () => assert.equal(triggers('ConfigMap', before, after).length, counts ? 1 : 0));
  }
});
