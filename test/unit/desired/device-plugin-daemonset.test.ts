import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { renderDevicePluginDaemonSet } from '../../../shared/desired/device-plugin-daemonset.ts';
import { Module } from '../../../shared/kmm/module.ts';

const module = (spec: Record<string, unknown> = {}) =>
  Module.parse({
    metadata: { name: 'acme', namespace: 'gpu', uid: 'u1' },
    spec: {
      selector: { gpu: 'yes' },
      moduleLoader: { container: {} },
      devicePlugin: { container: { image: 'p:1' } },
      ...spec,
    },
  });

const Rendered = z.object({
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    selector: z.unknown(),
    template: z.object({ metadata: z.unknown(), spec: z.record(z.string(), z.unknown()) }),
  }),
});
const render = (spec?: Record<string, unknown>) => Rendered.parse(renderDevicePluginDaemonSet(module(spec)));

describe('the device-plugin DaemonSet', () => {
  it('is not there without a device plugin', () => {
    assert.equal(renderDevicePluginDaemonSet(module({ devicePlugin: undefined })), undefined);
  });

  it('runs where the module is ready, by namespace and name, and by version when there is one', () => {
    assert.deepEqual(render().spec.template.spec['nodeSelector'], { 'kmm.node.kubernetes.io/gpu.acme.ready': '' });
    const versioned = render({ moduleLoader: { container: { version: '2' } } });
    assert.deepEqual(versioned.spec.template.spec['nodeSelector'], {
      'kmm.node.kubernetes.io/gpu.acme.ready': '',
      'beta.kmm.node.kubernetes.io/version-schedule-pod.gpu.acme': '2',
    });
    assert.notEqual(versioned.metadata.name, render().metadata.name);
  });

  it('runs where the Module says when there is no loader', () => {
    assert.deepEqual(render({ moduleLoader: undefined }).spec.template.spec['nodeSelector'], { gpu: 'yes' });
  });

  it("keeps the user's containers and volumes whole, and makes them privileged as KMM does", () => {
    const env = [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }];
    const resources = { limits: { cpu: 1 } };
    const mount = { name: 'dev', mountPath: '/dev', mountPropagation: 'HostToContainer' };
    const { spec } = render({
      devicePlugin: {
        container: { image: 'p:1', command: ['run'], args: ['-v'], env, resources, volumeMounts: [mount] },
        initContainer: { image: 'i:1' },
        volumes: [{ name: 'dev', hostPath: { path: '/dev', type: 'Directory' } }],
        serviceAccountName: 'plugin',
        automountServiceAccountToken: false,
      },
      imageRepoSecret: { name: 'pull' },
    }).spec.template;
    assert.deepEqual(spec['containers'], [
      {
        name: 'device-plugin',
        image: 'p:1',
        command: ['run'],
        args: ['-v'],
        env,
        resources,
        securityContext: { privileged: true },
        volumeMounts: [mount, { name: 'kubelet-device-plugins', mountPath: '/var/lib/kubelet/device-plugins' }],
      },
    ]);
    assert.deepEqual(spec['initContainers'], [
      { name: 'device-plugin-init', image: 'i:1', securityContext: { privileged: true } },
    ]);
    assert.deepEqual(spec['volumes'], [
      { name: 'kubelet-device-plugins', hostPath: { path: '/var/lib/kubelet/device-plugins', type: 'Directory' } },
      { name: 'dev', hostPath: { path: '/dev', type: 'Directory' } },
    ]);
    assert.deepEqual(spec['imagePullSecrets'], [{ name: 'pull' }]);
    assert.equal(spec['serviceAccountName'], 'plugin');
    assert.equal(spec['automountServiceAccountToken'], false);
    assert.equal(spec['priorityClassName'], 'system-node-critical');
  });

  it('is selected by its own name and has inputs that follow what the user wrote', () => {
    const { metadata, spec } = render();
    const inputs = (of: typeof metadata) => of.annotations['kmm.node.kubernetes.io/template-inputs'];
    assert.deepEqual(spec.selector, { matchLabels: { 'kmm.node.kubernetes.io/daemonset': metadata.name } });
    assert.equal(inputs(render().metadata), inputs(metadata));
    assert.equal(inputs(render({ moduleLoader: { container: { containerImage: 'x:2' } } }).metadata), inputs(metadata));
    assert.notEqual(inputs(render({ devicePlugin: { container: { image: 'p:2' } } }).metadata), inputs(metadata));
    assert.notEqual(inputs(render({ tolerations: [{ operator: 'Exists' }] }).metadata), inputs(metadata));
  });
});
