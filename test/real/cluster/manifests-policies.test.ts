import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Installation } from '../../../infra/kubernetes/installation.ts';
import { renderKernelLabelPolicy } from '../../../infra/kubernetes/policies/kernel-label-policy.ts';
import { renderNodePatchPolicy } from '../../../infra/kubernetes/policies/node-patch-policy.ts';
import { renderInstallation } from '../../../infra/kubernetes/render-installation.ts';
import { connectionFromKubeconfig } from '../../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { kernelLabelValue } from '../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane/start-control-plane.ts';
import { applyPolicies } from './apply-policies.ts';

const user = 'system:serviceaccount:kmm-functions:functions';
const nodes = '/api/v1/nodes';
const nodeOf = (name: string, kernelVersion: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, ...more },
  status: { nodeInfo: { ...emptyInfo, kernelVersion } },
});
const emptyInfo = Object.fromEntries(
  ['machineID', 'systemUUID', 'bootID', 'osImage', 'containerRuntimeVersion', 'kubeletVersion', 'kubeProxyVersion']
    .concat(['operatingSystem', 'architecture'])
    .map((key) => [key, '']),
);

describe('policies and rights on a real API server', { skip: await missingControlPlane() }, () => {
  let plane: ControlPlane;
  /** Our account by name, with every right that RBAC has to give: what stops it is the policy. */
  let ours: Cluster;

  before(async () => {
    plane = await startControlPlane({ without: ['kube-controller-manager', 'kube-scheduler', 'kwok'] });
    ours = createKubernetesCluster(await connectionFromKubeconfig(await plane.kubeconfigFor(user, ['system:masters'])));
    await plane.api.call(
      'POST',
      nodes,
      nodeOf('n1', '6.1.0', { labels: { foreign: 'a' }, annotations: { foreign: 'a' } }),
    );
    let probes = 0;
    await applyPolicies(plane, renderNodePatchPolicy(user), async () => {
      const patch = { metadata: { labels: { probe: String(probes++) } } };
      return ours.patch('Node', { name: 'n1' }, patch).then(
        () => false,
        () => true,
      );
    });
  });
  after(() => plane?.stop());

  const kmm = 'kmm.node.kubernetes.io';
  const allowed: [what: string, patch: object][] = [
    ['a label of ours', { metadata: { labels: { [`${kmm}/gpu.acme.ready`]: '' } } }],
    ['taking it away again', { metadata: { labels: { [`${kmm}/gpu.acme.ready`]: null } } }],
    ['a beta label', { metadata: { labels: { [`beta.${kmm}/version-worker-pod.gpu.acme`]: 'v1' } } }],
    ['an annotation of ours', { metadata: { annotations: { [`${kmm}/gpu.acme.loaded`]: 'boot id' } } }],
    ['nothing', {}],
  ];
  for (const [what, patch] of allowed) {
    test(`our account may patch ${what}`, async () => {
      assert.notEqual(await ours.patch('Node', { name: 'n1' }, { ...patch }), 'absent');
    });
  }

  const denied: [what: string, patch: object, says: RegExp][] = [
    ['unschedulable', { spec: { unschedulable: true } }, /spec of a Node/],
    ['a taint', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }, /spec of a Node/],
    ['a foreign label', { metadata: { labels: { foreign: 'b' } } }, /only labels under .*, not foreign/],
    ['a foreign label away', { metadata: { labels: { foreign: null } } }, /only labels/],
    ['all labels away', { metadata: { labels: null } }, /only labels/],
    ['a new foreign label beside one of ours', { metadata: { labels: { [`${kmm}/x`]: '', y: '' } } }, /not y/],
    ['a prefix that looks like ours', { metadata: { labels: { [`x${kmm}/a`]: '' } } }, /only labels/],
    ['another one', { metadata: { labels: { [`${kmm}.evil/a`]: '' } } }, /only labels/],
    ['a foreign annotation', { metadata: { annotations: { foreign: 'b' } } }, /only annotations/],
    ['a finalizer', { metadata: { finalizers: ['example.com/hold'] } }, /finalizers or owners/],
  ];
  for (const [what, patch, says] of denied) {
    test(`our account may not patch ${what}`, async () => {
      await assert.rejects(ours.patch('Node', { name: 'n1' }, { ...patch }), says);
    });
  }

  test('our account may neither create nor delete a Node, nor report its status, whatever RBAC says', async () => {
    const manifest = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n2' } };
    await assert.rejects(ours.apply('Node', manifest), /may only patch Nodes/);
    await assert.rejects(ours.delete('Node', { name: 'n1' }), /may only patch Nodes/);
    const status = { status: { phase: 'Running' } };
    await assert.rejects(ours.patch('Node', { name: 'n1' }, status, { subresource: 'status' }), /may only patch Nodes/);
  });

  test('nobody else is stopped', async () => {
    const patch = { spec: { unschedulable: true }, metadata: { labels: { foreign: 'c' } } };
    await plane.api.call('PATCH', `${nodes}/n1`, patch, 'application/merge-patch+json');
  });

  test('the whole installation is taken, and its rights are those and no others', async () => {
    const installation: Installation = {
      namespace: 'kmm-functions',
      clusterName: 'test',
      profile: 'deployment',
      events: { kind: 'watch' },
      namespaces: ['gpu'],
      image: 'registry.example/kmm:1',
      ignoredTaints: defaultIgnoredTaints,
      kernelLabel: 'function',
      secrets: { hook: 'h'.repeat(16), door: 'd'.repeat(16) },
    };
    for (const name of ['gpu', 'other']) await plane.api.call('POST', '/api/v1/namespaces', { metadata: { name } });
    const manifests = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: renderInstallation(installation) });
    await plane.kubectl(['apply', '-f', '-'], { input: manifests });
    await plane.kubectl(['apply', '-f', '-'], { input: manifests });

    const token = await plane.serviceAccountToken({ namespace: 'kmm-functions', name: 'functions' });
    const account = createKubernetesCluster({
      server: plane.server,
      ca: plane.ca,
      token: async () => token,
      attempts: 1,
    });
    assert.equal((await account.list('Node')).length, 1);
    assert.deepEqual(await account.list('Module', { namespace: 'gpu' }), []);
    assert.equal(await account.get('Secret', { namespace: 'gpu', name: 'x' }), undefined);
    const forbidden = { code: 'FORBIDDEN' };
    await assert.rejects(account.list('Secret', { namespace: 'gpu' }), forbidden);
    await assert.rejects(account.get('Secret', { namespace: 'other', name: 'x' }), forbidden);
    await assert.rejects(account.list('Module'), forbidden);
    await assert.rejects(account.list('Pod', { namespace: 'kmm-functions' }), forbidden);
    await assert.rejects(account.delete('Node', { name: 'n1' }), forbidden);
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'default', name: 'e' } };
    assert.equal(await account.create({ ...event, involvedObject: { kind: 'Node', name: 'n1' } }), 'created');
  });

  test('the policy and the function give the same label for every kernel', async () => {
    const label = async (name: string) =>
      (await plane.admin.get('Node', { name }))?.metadata.labels[labels.kernelVersion];
    let probes = 0;
    await applyPolicies(plane, renderKernelLabelPolicy(), async () => {
      const name = `probe-${probes++}`;
      await plane.api.call('POST', nodes, nodeOf(name, '6.1.0'));
      return (await label(name)) === '6.1.0';
    });
    const wrong: string[] = [];
    for (const [index, kernel] of kernels.entries()) {
      const name = `k${index}`;
      await plane.api.call('POST', nodes, nodeOf(name, kernel));
      const expected = kernelLabelValue(kernel) || undefined;
      const found = await label(name);
      if (found !== expected) wrong.push(`${kernel}: ${found} instead of ${expected}`);
    }
    assert.deepEqual(wrong, []);
    // A kernel that moves, a label that somebody falsifies or takes away.
    const status = { status: { nodeInfo: { kernelVersion: '6.9.1+rt' } } };
    await plane.api.call('PATCH', `${nodes}/k0/status`, status, 'application/merge-patch+json');
    assert.equal(await label('k0'), '6.9.1_rt');
    for (const value of ['forged', null]) {
      const patch = { metadata: { labels: { [labels.kernelVersion]: value } } };
      await plane.api.call('PATCH', `${nodes}/k0`, patch, 'application/merge-patch+json');
      assert.equal(await label('k0'), '6.9.1_rt');
    }
  });
});

/** What distributions ship, what people build, and what nobody should. */
const kernels = [
  ...['6.1.0-18-amd64', '6.12.9+deb13-amd64', '5.14.0-427.13.1.el9_4.x86_64', '5.14.0-427.13.1.el9_4.x86_64+rt'],
  ...['4.18.0-553.el8_10.x86_64+debug', '6.8.0-1015-aws', '6.1.112-124.190.amzn2023.x86_64', '6.6.54-talos'],
  ...['5.15.0-122-generic', '6.5.0-0.deb12.4-cloud-arm64', '6.11.0-rc3+', '6.11.0-rc3++', '6.6.0~rc1', '4.9.337-tegra'],
  ...['5.15.153.1-microsoft-standard-WSL2', '6.1.0+', '+', '++', '~', '', ' ', '___', '-.-', '.6.1.', '-6.1-', '_6.1_'],
  ...[
    '6.1.0 a/b',
    '6.1.0\ta',
    'a\nb',
    '6.1/../../etc',
    '6.1.0;reboot',
    '$(id)',
    '${x}',
    "it's",
    '"quoted"',
    '<b>',
    'a,b',
  ],
  ...[
    'é6.1',
    '6.1-é',
    '6.1é2',
    '内核6.1',
    '6.1-内核',
    '🐧',
    '6.1🐧🐧2',
    'ﬁ',
    'ß',
    'İ',
    '\u212a',
    'A\u0301b',
    '6.1\u00a0x',
  ],
  ...[
    'x'.repeat(62),
    'x'.repeat(63),
    'x'.repeat(64),
    `${'x'.repeat(62)}.y`,
    `${'x'.repeat(62)}+y`,
    `${'+'.repeat(70)}x`,
  ],
  ...[
    `${'x'.repeat(60)}----z`,
    `${'.'.repeat(70)}x`,
    `${'a+'.repeat(40)}`,
    `${'é'.repeat(63)}x`,
    `x${'🐧'.repeat(63)}y`,
  ],
  ...['6', '6.', '.6', 'A', '0', 'a-', '-a', 'a_-_b', 'a++b', 'a+~+b', 'a~', '~a', 'UPPER', '6.1.0\u0000x'],
];
