import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import { defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { digestA, moduleLoaderData } from '../../builders/module-loader-data.ts';

const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
});
const Rendered = z.object({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
  spec: z.looseObject({
    selector: z.unknown(),
    template: z.object({
      metadata: z.looseObject({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
      spec: z.looseObject({
        nodeSelector: z.record(z.string(), z.string()),
        initContainers: z.array(Container).optional(),
        containers: z.tuple([Container]),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});

const withLoader = { ...defaultDesiredSettings, loaderImage: 'quay.io/kmm/loader:1' };
const render = (data: Parameters<typeof moduleLoaderData>[0] = {}, settings = defaultDesiredSettings) =>
  Rendered.parse(
    renderLoaderDaemonSet({ data: moduleLoaderData(data), architecture: 'amd64', digest: digestA, settings }),
  );

describe('the loader DaemonSet', () => {
  it('is selected by its own name and nothing else', () => {
    const { metadata, spec } = render();
    assert.deepEqual(spec.selector, { matchLabels: { 'kmm.node.kubernetes.io/daemonset': metadata.name } });
    assert.equal(spec.template.metadata.labels['kmm.node.kubernetes.io/daemonset'], metadata.name);
  });

  it('bears the raw kernel where it may, the label form where it must, and mounts the real directory', () => {
    const { metadata, spec } = render({ kernelVersion: '6.1.0~rc1+' });
    assert.equal(metadata.labels['kmm.node.kubernetes.io/kernel-version.full'], '6.1.0_rc1');
    assert.equal(spec.template.spec.nodeSelector['kmm.node.kubernetes.io/kernel-version.full'], '6.1.0_rc1');
    assert.equal(metadata.annotations['kmm.node.kubernetes.io/kernel-version'], '6.1.0~rc1+');
    assert.equal(spec.template.metadata.annotations['kmm.node.kubernetes.io/kernel-version'], '6.1.0~rc1+');
    assert.deepEqual(spec.template.spec.volumes[0], {
      name: 'node-lib-modules',
      hostPath: { path: '/lib/modules/6.1.0~rc1+', type: 'Directory' },
    });
  });

  it('selects nodes by the Module, the kernel, the architecture and the version', () => {
    assert.deepEqual(render({ version: '2.0' }).spec.template.spec.nodeSelector, {
      'example.com/acme': 'present',
      'kmm.node.kubernetes.io/kernel-version.full': '6.1.0-18-cloud-amd64',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'beta.kmm.node.kubernetes.io/version-worker-pod.gpu.acme': '2.0',
    });
  });

  it('keeps the tag out of its template', () => {
    const { metadata, spec } = render();
    assert.equal(
      metadata.annotations['kmm.node.kubernetes.io/image'],
      'registry.example/acme/kmod:6.1.0-18-cloud-amd64',
    );
    assert.equal(spec.template.spec.containers[0].image, `registry.example/acme/kmod@${digestA}`);
    assert.ok(!JSON.stringify(spec.template).includes('kmod:6.1.0'));
  });

  it('asks for SYS_MODULE and nothing more', () => {
    const { spec } = render({ modprobe: { firmwarePath: '/firmware' } });
    assert.deepEqual(spec.template.spec.containers[0]['securityContext'], {
      allowPrivilegeEscalation: false,
      runAsUser: 0,
      capabilities: { drop: ['ALL'], add: ['SYS_MODULE'] },
      seLinuxOptions: { type: 'spc_t' },
    });
    assert.equal(spec.template.spec['automountServiceAccountToken'], false);
    assert.ok(!JSON.stringify(spec).includes('"privileged"'));
  });

  it('names an account only when the Module does', () => {
    const { spec } = render({ serviceAccountName: 'loader' });
    assert.equal(spec.template.spec['serviceAccountName'], 'loader');
    assert.ok(!('automountServiceAccountToken' in spec.template.spec));
  });

  it('reaches into the firmware of the node only with a firmwarePath', () => {
    const names = (data: Parameters<typeof render>[0]) =>
      render(data).spec.template.spec.volumes.map(({ name }) => name);
    assert.deepEqual(names({}), ['node-lib-modules', 'node-run-kmm']);
    assert.deepEqual(names({ modprobe: { firmwarePath: '/firmware' } }), [
      'node-lib-modules',
      'node-run-kmm',
      'node-firmware',
      'node-firmware-class',
    ]);
  });

  it('tolerates what the Module tolerates and nodes under pressure', () => {
    const { spec } = render({ tolerations: [{ key: 'gpu', operator: 'Exists' }] });
    assert.deepEqual(spec.template.spec['tolerations'], [
      { key: 'gpu', operator: 'Exists' },
      { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
    ]);
  });

  it('rolls an update to one node first', () => {
    const { spec } = render();
    assert.equal(spec['minReadySeconds'], 10);
    assert.deepEqual(spec['updateStrategy'], { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } });
  });

  it('is owned by its Module, without finalizers, and by nobody offline', () => {
    assert.match(
      JSON.stringify(render()),
      /"ownerReferences":\[\{[^\]]*"kind":"Module","name":"acme"[^\]]*"controller":true/,
    );
    assert.ok(!('ownerReferences' in render({ uid: '' }).metadata));
    assert.ok(!JSON.stringify(render()).includes('finalizers'));
  });

  it('removes the in-tree modules of the mapping, every word quoted', () => {
    const { containers } = render({ inTreeModulesToRemove: ['ice', 'a b'] }).spec.template.spec;
    assert.ok(containers[0].command[2]?.includes("for name in ice 'a b'; do"));
  });

  it('copies out of the image and loads with our loader image, when there is one', () => {
    const pod = render({ modprobe: { firmwarePath: "/fw's" } }, withLoader).spec.template.spec;
    const [extractor] = pod.initContainers ?? [];
    assert.equal(extractor?.image, `registry.example/acme/kmod@${digestA}`);
    const quoted = `'/fw'\\''s/.'`;
    assert.deepEqual(extractor?.command, [
      '/bin/sh',
      '-c',
      `cp -R /opt/lib/modules/6.1.0-18-cloud-amd64/. /kmm/image-modules/ && cp -R ${quoted} /kmm/image-firmware/`,
    ]);
    assert.equal(pod.containers[0].image, 'quay.io/kmm/loader:1');
    assert.match(pod.containers[0].command[2] ?? '', /"\$modprobe" -v -d \/tmp\/opt acme_kmod/);
    assert.deepEqual(
      pod.containers[0].volumeMounts.filter(({ name }) => name.startsWith('image-')),
      [
        { name: 'image-modules', mountPath: '/tmp/opt/lib/modules/6.1.0-18-cloud-amd64', readOnly: true },
        { name: 'image-firmware', mountPath: "/tmp/fw's", readOnly: true },
      ],
    );
  });

  it('takes the shape that the Module asks for, where it can', () => {
    const direct = { podOptions: { shape: 'direct', gracePeriodSeconds: 600, maxUnavailable: '10%' } } as const;
    const copy = { podOptions: { ...direct.podOptions, shape: 'copy' } } as const;
    assert.equal(render(direct, withLoader).spec.template.spec.initContainers, undefined);
    assert.equal(render(copy, withLoader).spec.template.spec.initContainers?.length, 1);
    assert.equal(render(copy).spec.template.spec.initContainers, undefined);
  });

  it('has equal inputs whatever the installation says of loader image version and firmware path', () => {
    const inputs = (settings: typeof withLoader) =>
      render({}, settings).metadata.annotations['kmm.node.kubernetes.io/template-inputs'];
    const other = { loaderImage: 'quay.io/kmm/loader:2', firmwareHostPath: '/lib/firmware' };
    assert.equal(inputs(withLoader), inputs(other));
    assert.notDeepEqual(render({}, withLoader).spec.template, render({}, other).spec.template);
  });
});
