import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { rawModule } from '../../builders/module.ts';

export const ignoredTaints = [...defaultIgnoredTaints, 'example.com/draining'];
const kmm = 'kmm.node.kubernetes.io';

/** One write. A merge patch, where it is a PATCH. */
export type Step = [method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object];
/** What is written, and the parts of the door that the API server calls for it. */
export type Case = [what: string, reviews: 0 | string, ...steps: Step[]];

const node = '/api/v1/nodes/n1';
const gpu = '/namespaces/gpu';
const loader = `/api/v1${gpu}/pods/loader`;
const daemonSet = `/apis/apps/v1${gpu}/daemonsets/acme`;
const job = `/apis/batch/v1${gpu}/jobs/acme-build`;
const module = `/apis/kmm.sigs.x-k8s.io/v1beta1${gpu}/modules/acme`;
const configMap = `/api/v1${gpu}/configmaps/build`;
const collection = (path: string) => path.slice(0, path.lastIndexOf('/'));

const podOf = (name: string, role?: string) => ({
  metadata: { name, labels: { [`${kmm}/module.name`]: 'acme', ...(role && { [`${kmm}/role`]: role }) } },
  spec: { containers: [{ name: 'c', image: 'r.example/i:1' }], nodeName: 'n1' },
});
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'r.example/i:1' }] } };
const ofModule = { name: 'acme', labels: { [`${kmm}/module.name`]: 'acme' } };

/** What stands before the cases, which go on from one to the next. */
export const standing: [path: string, object: object][] = [
  ['/api/v1/nodes', { metadata: { name: 'n1' }, status: { nodeInfo: info('6.1.0') } }],
  [collection(loader), podOf('loader', 'module-loader')],
  [collection(loader), podOf('plugin', 'device-plugin')],
  [collection(loader), podOf('build')],
  [collection(daemonSet), { metadata: ofModule, spec: { selector: { matchLabels: { a: 'b' } }, template } }],
  [collection(job), jobOf('acme-build')],
];

const patchNode = (metadata: object): Step => ['PATCH', node, { metadata }];
const taint = (...taints: object[]): Step => ['PATCH', node, { spec: { taints } }];
const nodeStatus = (status: object): Step => ['PATCH', `${node}/status`, { status }];
const podStatus = (path: string, ready: boolean, restartCount = 0, more: object = {}): Step => [
  'PATCH',
  `${path}/status`,
  { status: { containerStatuses: [{ name: 'c', ready, restartCount, image: 'i', imageID: 'i', ...more }] } },
];
const rollout = (status: object): Step => ['PATCH', `${daemonSet}/status`, { status }];
const noSchedule = { key: 'example.com/a', effect: 'NoSchedule' };

export const cases: Case[] = [
  ['a node joins', 'node', ['POST', '/api/v1/nodes', { metadata: { name: 'n2' } }]],
  ['a node leaves', 'node', ['DELETE', '/api/v1/nodes/n2']],
  ['a heartbeat', 0, nodeStatus({ conditions: [{ type: 'Ready', status: 'True', reason: 'a', message: 'a' }] })],
  ['a kernel', 'node', nodeStatus({ nodeInfo: info('6.2.0') })],
  ['a boot', 'node', nodeStatus({ nodeInfo: { ...info('6.2.0'), bootID: 'b2' } })],
  ['a foreign label', 'node', patchNode({ labels: { 'example.com/a': '1' } })],
  ['a foreign label through the status', 'node', ['PATCH', `${node}/status`, { metadata: { labels: { b: '1' } } }]],
  ['a foreign label goes', 'node', patchNode({ labels: { 'example.com/a': null } })],
  ['an annotation', 0, patchNode({ annotations: { a: 'b' } })],
  [
    'our own labels',
    0,
    patchNode({ labels: { [`${kmm}/gpu.acme.ready`]: '', [`${kmm}/gpu.acme.device-plugin-ready`]: '' } }),
  ],
  ['the kernel label', 0, patchNode({ labels: { [`${kmm}/kernel-version.full`]: '6.2.0' } })],
  ['a beta label', 0, patchNode({ labels: { [`beta.${kmm}/version-worker-pod.gpu.acme`]: '1' } })],
  ['the version that the admin wishes', 'node', patchNode({ labels: { [`${kmm}/version-module.gpu.acme`]: '1' } })],
  ['ours and a foreign label at once', 'node', patchNode({ labels: { [`${kmm}/gpu.acme.ready`]: null, c: '1' } })],
  ['a taint', 'node', taint(noSchedule)],
  ['its time alone', 0, taint({ ...noSchedule, timeAdded: '2026-01-01T00:00:00Z' })],
  ['its value', 'node', taint({ ...noSchedule, value: 'x' })],
  ['it goes', 'node', taint()],
  ['a cordon', 0, ['PATCH', node, { spec: { unschedulable: true } }]],
  [
    'taints that come and go by themselves',
    0,
    taint(
      ...[
        'node.kubernetes.io/not-ready',
        'karpenter.sh/disrupted',
        'ebs.csi.aws.com/agent-not-ready',
        'example.com/draining',
      ].map((key) => ({ key, effect: 'NoSchedule' })),
    ),
  ],
  [
    'a taint that only begins like one of them',
    'node',
    taint({ key: 'example.com/draining-soon', effect: 'NoSchedule' }),
  ],

  ['a container becomes ready', 'rollout', podStatus(loader, true)],
  ['the same again, with an id', 0, podStatus(loader, true, 0, { containerID: 'x://1' })],
  ['it restarts', 'rollout', podStatus(loader, false, 1)],
  ['it waits', 0, podStatus(loader, false, 1, { state: { waiting: { reason: 'CrashLoopBackOff' } } })],
  ["a build's pod becomes ready", 0, podStatus(`/api/v1${gpu}/pods/build`, true)],
  ["a loader's grace period begins", 'rollout', ['DELETE', loader]],
  ["a device plugin's begins", 0, ['DELETE', `/api/v1${gpu}/pods/plugin`]],

  ['a DaemonSet is unavailable', 'rollout', rollout(progress(1, 1, 0, 1))],
  ['it still is', 0, rollout(progress(1, 1, 0, 1, { numberReady: 1 }))],
  ['it is complete', 'rollout', rollout(progress(1, 1, 1, 0))],
  ['a DaemonSet is annotated', 0, ['PATCH', daemonSet, { metadata: { annotations: { a: 'b' } } }]],
  ['a DaemonSet is deleted', 'rollout', ['DELETE', daemonSet]],

  ['a Job starts', 0, ['PATCH', `${job}/status`, { status: { startTime: '2026-01-01T00:00:00Z', active: 1 } }]],
  ['a Job fails', 'job', ['PATCH', `${job}/status`, { status: failed() }]],

  ['a Module', 'module', ['POST', collection(module), rawModule()]],
  ['its spec', 'module', ['PATCH', module, { spec: { selector: { b: 'c' } } }]],
  ['the same spec', 0, ['PATCH', module, { spec: { selector: { b: 'c' } } }]],
  ['its status', 0, ['PATCH', `${module}/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }]],
  ['a foreign annotation', 0, ['PATCH', module, { metadata: { annotations: { a: 'b' } } }]],
  ['one of ours', 'module', ['PATCH', module, { metadata: { annotations: { [`${kmm}/paused`]: 'true' } } }]],
  ['a finalizer', 0, ['PATCH', module, { metadata: { finalizers: ['example.com/a'] } }]],
  ['it goes again', 0, ['PATCH', module, { metadata: { finalizers: null } }]],
  ['the Module goes', 'module', ['DELETE', module]],
  ['a Module of a namespace that is not served', 0, ['POST', collection(module).replace('gpu', 'other'), elsewhere()]],

  ['a ConfigMap', 0, ['POST', collection(configMap), { metadata: { name: 'build' }, data: { other: 'a' } }]],
  ['a Dockerfile in it', 'input', ['PATCH', configMap, { data: { dockerfile: 'FROM a' } }]],
  ['another key', 0, ['PATCH', configMap, { data: { other: 'b' } }]],
  ['it goes with its Dockerfile', 'input', ['DELETE', configMap]],
  ['a Secret', 0, ['POST', `/api/v1${gpu}/secrets`, { metadata: { name: 's' }, stringData: { dockerfile: 'x' } }]],
];

function elsewhere() {
  return rawModule({ metadata: { namespace: 'other' } });
}

function info(kernelVersion: string) {
  const names = ['machineID', 'systemUUID', 'osImage', 'containerRuntimeVersion', 'kubeletVersion', 'kubeProxyVersion'];
  const rest = [...names, 'operatingSystem', 'architecture'].map((name) => [name, '']);
  return { ...Object.fromEntries(rest), kernelVersion, bootID: 'b1' };
}

function progress(desired: number, updated: number, available: number, unavailable: number, more: object = {}) {
  return {
    observedGeneration: 1,
    currentNumberScheduled: desired,
    numberMisscheduled: 0,
    desiredNumberScheduled: desired,
    numberReady: 0,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    numberUnavailable: unavailable,
    ...more,
  };
}

function jobOf(name: string) {
  const { spec } = template;
  return { metadata: { ...ofModule, name }, spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } } };
}

/** As the Job controller writes it; the API server refuses anything less. */
function failed() {
  const at = '2026-01-01T00:00:01Z';
  const condition = (type: string) => ({
    type,
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'a',
    lastTransitionTime: at,
  });
  return { active: 0, failed: 1, conditions: [condition('FailureTarget'), condition('Failed')] };
}
