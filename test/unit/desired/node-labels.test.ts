import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planNodeLabels } from '../../../shared/desired/node-labels.ts';
import { node, pod } from './node-and-pods.ts';

const ready = 'kmm.node.kubernetes.io/gpu.acme.ready';
const loaded = 'kmm.node.kubernetes.io/gpu.acme.loaded';
const settled = { labels: { [ready]: '' }, annotations: { [loaded]: 'boot-1 c1' } };

describe('the labels of a node', () => {
  it('say that the module is ready, and by which container of which boot, in one patch', () => {
    assert.deepEqual(planNodeLabels({ node: node(), pods: [pod()] }), { metadata: settled });
  });

  it('are left alone when they say so already', () => {
    assert.equal(planNodeLabels({ node: node(settled), pods: [pod()] }), undefined);
  });

  for (const [what, change] of [
    ['its container is not ready', { ready: false }],
    ['the pod is terminating', { deletionTimestamp: '2026-01-01T00:00:00Z' }],
    ['it is no loader of ours', { labels: { 'kmm.node.kubernetes.io/daemonset': undefined } }],
  ] as const) {
    it(`lose ready when ${what}`, () => {
      const patch = planNodeLabels({ node: node(settled), pods: [pod({ ...change })] });
      assert.equal(patch?.metadata.labels?.[ready], null);
    });
  }

  it('lose everything of a Module that has no pod on the node any more', () => {
    assert.deepEqual(planNodeLabels({ node: node(settled), pods: [] }), {
      metadata: { labels: { [ready]: null }, annotations: { [loaded]: null } },
    });
  });

  it('do not trust a container of the boot before, and remember it until a new one has come', () => {
    const rebooted = node({ ...settled, bootId: 'boot-2' });
    assert.deepEqual(planNodeLabels({ node: rebooted, pods: [pod()] }), { metadata: { labels: { [ready]: null } } });
    const forgot = node({ annotations: settled.annotations, bootId: 'boot-2' });
    assert.equal(planNodeLabels({ node: forgot, pods: [pod()] }), undefined);
    assert.deepEqual(planNodeLabels({ node: forgot, pods: [pod({ containerId: 'c2' })] }), {
      metadata: { labels: { [ready]: '' }, annotations: { [loaded]: 'boot-2 c2' } },
    });
  });

  it('stay on a node that went silent: its containers were not unloaded', () => {
    assert.equal(planNodeLabels({ node: node(settled), pods: [pod({ condition: 'False' })] }), undefined);
  });

  it('stay while one of two loaders is ready', () => {
    const leaving = pod({ name: 'old', deletionTimestamp: '2026-01-01T00:00:00Z' });
    assert.equal(planNodeLabels({ node: node(settled), pods: [leaving, pod()] }), undefined);
  });

  it('tell the device plugin, and the version that an ordered upgrade has reached', () => {
    const version = { 'beta.kmm.node.kubernetes.io/version-worker-pod.gpu.acme': '2' };
    const pods = [pod({ labels: version }), pod({ role: 'device-plugin', container: 'device-plugin' })];
    assert.deepEqual(planNodeLabels({ node: node(settled), pods })?.metadata.labels, {
      'kmm.node.kubernetes.io/gpu.acme.version.ready': '2',
      'kmm.node.kubernetes.io/gpu.acme.device-plugin-ready': '',
    });
  });

  it('hold the kernel when no admission policy has put it there', () => {
    const patch = planNodeLabels({ node: node({ kernelVersion: '6.1.0+', kernelLabel: 'old' }), pods: [] });
    assert.deepEqual(patch, { metadata: { labels: { 'kmm.node.kubernetes.io/kernel-version.full': '6.1.0' } } });
  });

  it("keep what is not ours: other keys, KMM 1.x's names, DRA, the admin's wish", () => {
    const foreign = {
      'example.com/gpu.acme.ready': '',
      'kmm.node.kubernetes.io/acme.ready': '',
      'kmm.node.kubernetes.io/gpu.acme.dra-ready': '',
      'kmm.node.kubernetes.io/version-module.gpu.acme': '2',
      'beta.kmm.node.kubernetes.io/version-worker-pod.gpu.acme': '2',
    };
    assert.equal(planNodeLabels({ node: node({ labels: foreign }), pods: [] }), undefined);
  });

  it('of namespaces that were not listed are not judged', () => {
    assert.equal(planNodeLabels({ node: node(settled), pods: [], namespaces: ['other'] }), undefined);
    assert.notEqual(planNodeLabels({ node: node(settled), pods: [], namespaces: ['gpu'] }), undefined);
  });
});
