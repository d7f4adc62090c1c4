import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkFleet, type Expected } from '../../../infra/local/check-fleet.ts';
import type { FleetView } from '../../../infra/local/fleet-view.ts';
import type { SampleKernel } from '../../../infra/local/sample-fleet.ts';
import { annotations, labels } from '../../../shared/kmm/labels.ts';
import { aDaemonSet, type DaemonSetOverrides } from '../../builders/daemon-set.ts';
import { aNode } from '../../builders/node.ts';

const kernel: SampleKernel = {
  kernelVersion: '6.1.0-47-amd64',
  architecture: 'amd64',
  osImage: 'Debian 12',
  nodes: ['a', 'b'],
  pushed: 'before',
};
const digest = `sha256:${'1'.repeat(64)}`;
const expected: Expected = { kernel, ends: { state: 'Ready', reason: 'Loaded' }, digest };
const marks = {
  [labels.ready('kmm-demo', 'simple-kmod')]: '',
  [labels.devicePluginReady('kmm-demo', 'simple-kmod')]: '',
};

/** Everything as it should be, but for what a test changes. */
function view(
  of: { entry?: object; daemonSet?: DaemonSetOverrides | 'none'; nodeLabels?: Record<string, string> } = {},
): FleetView {
  const entry = { state: 'Ready', reason: 'Loaded', digest, ...of.entry };
  const loader = {
    labels: { [labels.role]: 'module-loader' },
    annotations: { [annotations.kernelVersion]: kernel.kernelVersion, [annotations.architecture]: 'amd64' },
    image: `registry.example/simple-kmod@${digest}`,
    status: { desiredNumberScheduled: 2, numberAvailable: 2 },
  };
  const metadata = { ...aNode({ name: 'simple-kmod' }).metadata, namespace: 'kmm-demo' };
  return {
    module: { metadata, status: { kernels: { '6.1.0-47-amd64/amd64': entry } } },
    daemonSets: of.daemonSet === 'none' ? [] : [aDaemonSet({ ...loader, ...of.daemonSet })],
    nodes: kernel.nodes.map((name) => aNode({ name, labels: of.nodeLabels ?? marks })),
  };
}

it('nothing is wrong when status, DaemonSet and nodes say the same', () => {
  assert.deepEqual(checkFleet(view(), [expected]), []);
});

const waiting = { state: 'ImageMissing', reason: 'NoBuilder', message: 'push it' };
const cases: [what: string, seen: FleetView, words: RegExp][] = [
  ['no Module', { ...view(), module: undefined }, /the Module kmm-demo\/simple-kmod is not there/],
  [
    'another state',
    view({ entry: waiting }),
    /expected Ready \(Loaded\), but it is ImageMissing \(NoBuilder\): push it/,
  ],
  ['another digest', view({ entry: { digest: 'sha256:2' } }), /expected sha256:1+ to run, but it is sha256:2/],
  ['no DaemonSet', view({ daemonSet: 'none' }), /it has no DaemonSet/],
  ['a DaemonSet of another image', view({ daemonSet: { image: 'registry.example/old@sha256:2' } }), /runs registry/],
  [
    'a pod that is not available',
    view({ daemonSet: { status: { desiredNumberScheduled: 2, numberAvailable: 1 } } }),
    /available on 1 of 2 nodes, expected 2/,
  ],
  ['an unlabelled node', view({ nodeLabels: {} }), /node a lacks the label .*simple-kmod\.ready/],
  ['a node that went', { ...view(), nodes: [] }, /node a is not there/],
];
for (const [what, seen, words] of cases) {
  it(`the story has gone wrong with ${what}`, () => {
    assert.match(checkFleet(seen, [expected]).join('\n'), words);
  });
}

it('a target that waits has no DaemonSet and no labels', () => {
  const waits = { kernel, ends: { state: 'ImageMissing', reason: 'NoBuilder' } } as const;
  assert.deepEqual(checkFleet(view({ entry: waiting, daemonSet: 'none', nodeLabels: {} }), [waits]), []);
  assert.match(checkFleet(view({ entry: waiting }), [waits]).join(), /expected no DaemonSet, but there is/);
  assert.match(checkFleet(view({ entry: waiting, daemonSet: 'none' }), [waits]).join(), /node a bears the label/);
});
