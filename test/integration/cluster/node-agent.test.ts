import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createNodeAgent, type NodeAgent } from '../../../infra/local/cluster/agent/node-agent.ts';
import { podView } from '../../../infra/local/cluster/agent/views.ts';
import { kernelLabelPolicy } from '../../../infra/local/cluster/kernel-label-policy.ts';
import { toJson } from '../../../infra/local/cluster/store/object.ts';
import type { RunningPod } from '../../../infra/local/cluster/store/readable.ts';
import { type ClusterStore, createStore } from '../../../infra/local/cluster/store/store.ts';
import { waitUntil } from '../../../infra/local/cluster/wait-until.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { aDaemonSet, type DaemonSetOverrides } from '../../builders/daemon-set.ts';

const key = { namespace: 'kmm', name: 'mod-0123456789' };

describe('the node agent', () => {
  let store: ClusterStore;
  let agent: NodeAgent;
  let images: Set<string>;
  let clock: number;
  const errors: unknown[] = [];

  beforeEach(() => {
    clock = Date.parse('2026-01-01T00:00:00Z');
    const now = () => new Date(clock);
    store = createStore({ admit: kernelLabelPolicy, now });
    images = new Set(['registry.example/mod:1', 'registry.example/mod:2']);
    const imageExists = async (image: string) => images.has(image);
    const failed = (_key: string, error: unknown) => errors.push(error);
    agent = createNodeAgent(store, {
      now,
      imageExists,
      failed,
      crashBackOffMs: 5,
      imageRetryMs: 60_000,
      terminationMs: 0,
    });
  });
  afterEach(() => {
    agent.close();
    assert.deepEqual(errors, []);
  });

  const join = (name: string, kernelVersion = '6.1.0') => agent.joinNode({ name, kernelVersion });
  const apply = (overrides: DaemonSetOverrides = {}) => {
    const {
      metadata,
      status: _status,
      ...rest
    } = aDaemonSet({ nodeSelector: { [labels.kernelVersion]: '6.1.0' }, ...overrides });
    store.apply('DaemonSet', key, toJson({ ...rest, metadata: { name: metadata.name } }), {
      manager: 'test',
      force: true,
    });
  };
  const pods = (): RunningPod[] => store.objects('Pod').map(podView);
  const status = () => Object(store.get('DaemonSet', key)?.['status']);
  const until = (words: string, holds: () => boolean) => waitUntil(store, words, holds, 5000);
  const untilReady = (count: number) =>
    until(`${count} pods ready`, () => {
      const { observedGeneration, updatedNumberScheduled, numberAvailable, desiredNumberScheduled } = status();
      const current = observedGeneration === store.get('DaemonSet', key)?.metadata.generation;
      return (
        current && [updatedNumberScheduled, numberAvailable, desiredNumberScheduled].every((number) => number === count)
      );
    });
  const container = () => pods()[0]?.status?.containerStatuses?.[0];

  test('a DaemonSet gets a ready pod on each node of its kernel, and on those that join later', async () => {
    join('n1');
    join('other', '5.14.0');
    apply();
    await untilReady(1);
    join('n2');
    await untilReady(2);
    assert.deepEqual(
      pods()
        .map(({ spec }) => spec.nodeName)
        .sort(),
      ['n1', 'n2'],
    );
    assert.match(container()?.containerID ?? '', /^containerd:\/\/[0-9a-f]{64}$/);
  });

  test('a pod waits for its image and starts when it is pushed', async () => {
    images.clear();
    join('n1');
    apply();
    await until('a pull error', () => container()?.state?.waiting?.reason === 'ErrImagePull');
    assert.equal(pods()[0]?.status?.phase, 'Pending');
    images.add('registry.example/mod:1');
    agent.recheckImages();
    await untilReady(1);
  });

  test('an init container whose image is missing holds the pod', async () => {
    join('n1');
    apply();
    await untilReady(1);
    const init = { initContainers: [{ name: 'copy', image: 'registry.example/none:1' }] };
    store.patch('DaemonSet', key, toJson({ spec: { template: { spec: init } } }));
    await until(
      'the init container waits',
      () => pods()[0]?.status?.initContainerStatuses?.[0]?.state?.waiting !== undefined,
    );
    assert.equal(container()?.state?.waiting?.reason, 'PodInitializing');
  });

  test('a running pod keeps running when its image goes from the registry', async () => {
    join('n1');
    apply();
    await untilReady(1);
    images.clear();
    agent.rebootNode('n1');
    await until('restarted', () => container()?.restartCount === 1);
    assert.equal(container()?.ready, true);
  });

  test('an update replaces one pod after the other, and a broken one stops it', async () => {
    for (const name of ['n1', 'n2', 'n3']) join(name);
    apply();
    await untilReady(3);
    apply({ image: 'registry.example/mod:2' });
    await untilReady(3);
    assert.ok(pods().every(({ spec }) => spec.containers[0]?.image === 'registry.example/mod:2'));

    apply({ image: 'registry.example/broken:1' });
    await until('a pull error', () => pods().some((pod) => pod.status?.containerStatuses?.[0]?.state?.waiting));
    assert.equal(pods().filter(({ spec }) => spec.containers[0]?.image === 'registry.example/broken:1').length, 1);
    assert.equal(status().numberAvailable, 2);
  });

  test('a crashing pod backs off with its last words and starts again when it may', async () => {
    join('n1');
    const undo = agent.setPodOutcome(() => ({ kind: 'crash', exitCode: 1, message: 'Key was rejected by service' }));
    apply();
    await until('restarts', () => (container()?.restartCount ?? 0) >= 2);
    assert.equal(container()?.state?.waiting?.reason, 'CrashLoopBackOff');
    assert.deepEqual(
      [container()?.lastState?.terminated?.exitCode, container()?.lastState?.terminated?.message],
      [1, 'Key was rejected by service'],
    );
    assert.equal(container()?.ready, false);
    undo();
    await untilReady(1);
  });

  test('a reboot restarts the container in the same pod: another id, one more restart, exit 255 before', async () => {
    join('n1');
    apply();
    await untilReady(1);
    const [before, id] = [pods()[0]?.metadata.uid, container()?.containerID];
    agent.rebootNode('n1');
    await until('restarted', () => container()?.restartCount === 1);
    assert.equal(pods()[0]?.metadata.uid, before);
    assert.notEqual(container()?.containerID, id);
    assert.deepEqual([container()?.ready, container()?.lastState?.terminated?.exitCode], [true, 255]);
  });

  test('a reboot into another kernel moves the label, and the pod goes', async () => {
    join('n1');
    apply();
    await untilReady(1);
    agent.rebootNode('n1', '6.1.1');
    await until('no pod', () => pods().length === 0);
    await until('nothing desired', () => status().desiredNumberScheduled === 0);
  });

  test('a failed unload says so before the pod goes, and the next pod waits for its end', async () => {
    join('n1');
    apply();
    await untilReady(1);
    const first = pods()[0]?.metadata.uid;
    agent.setPodOutcome((pod) =>
      pod.metadata.uid === first
        ? { kind: 'ready', unload: { exitCode: 1, message: 'Module mod is in use.' } }
        : undefined,
    );
    const words: string[] = [];
    store.subscribe(({ object, kind }) => {
      if (kind !== 'Pod' || object.metadata.uid !== first) return;
      const view = podView(object);
      const ended = view.status?.containerStatuses?.[0]?.state?.terminated;
      if (ended && !words.includes(`${view.status?.phase}: ${ended.message}`))
        words.push(`${view.status?.phase}: ${ended.message}`);
    });
    apply({ image: 'registry.example/mod:2' });
    await untilReady(1);
    assert.deepEqual(words, ['Failed: Module mod is in use.']);
  });

  test('a node that goes takes its pods along', async () => {
    for (const name of ['n1', 'n2']) join(name);
    apply();
    await untilReady(2);
    agent.removeNode('n2');
    await untilReady(1);
    await until('one pod', () => pods().length === 1);
  });

  test('a silent node makes its pods not ready while their containers still say so', async () => {
    join('n1');
    apply();
    await untilReady(1);
    agent.setNodeReady('n1', 'Unknown');
    await until('unavailable', () => status().numberUnavailable === 1);
    assert.equal(container()?.ready, true);
    agent.setNodeReady('n1', 'True');
    await untilReady(1);
  });

  test('a pod counts as available only after minReadySeconds', async () => {
    join('n1');
    apply({ minReadySeconds: 10 });
    await until('ready', () => status().numberReady === 1);
    assert.equal(status().numberAvailable, 0);
    clock += 10_000;
    store.patch('DaemonSet', key, { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } } });
    await untilReady(1);
  });

  test('a deleted DaemonSet takes its pods along', async () => {
    join('n1');
    apply();
    await untilReady(1);
    store.delete('DaemonSet', key);
    await until('no pod', () => pods().length === 0);
  });

  test('a DaemonSet whose pods are refused is told, and the others go on', async () => {
    join('n1');
    const { metadata: _metadata, ...body } = aDaemonSet({ name: 'broken' });
    const template = {
      metadata: { labels: body.spec.selector?.matchLabels, annotations: { 'no key': '' } },
      spec: { containers: [] },
    };
    store.create(
      'DaemonSet',
      'kmm',
      toJson({ ...body, metadata: { name: 'broken' }, spec: { ...body.spec, template } }),
    );
    apply();
    await untilReady(1);
    assert.match(String(errors.splice(0)), /pods "broken-.*no key/);
  });

  test('what stands does not move: no write without a cause', async () => {
    join('n1');
    apply();
    await untilReady(1);
    const version = store.version();
    agent.recheckImages();
    store.patch(
      'Node',
      { name: 'n1' },
      toJson({ status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: 'x' }] } }),
      { subresource: 'status' },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(store.version(), version + 1);
  });
});
