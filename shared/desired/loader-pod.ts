import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { Digest } from '../oci/digest.ts';
import { pinnedImage } from './pinned-image.ts';
import { hostPath } from './pod-parts.ts';
import { loadScript } from './script/load-script.ts';
import { probeScript } from './script/probe-script.ts';
import { inImage, nodeRoots, type ScriptInput } from './script/script-input.ts';
import { shellQuote } from './script/shell-quote.ts';
import type { DesiredSettings } from './settings.ts';
import { type Shape, shapeOf } from './shape.ts';

/** Name of the container whose readiness means "the module is live". */
export const loaderContainer = 'module-loader';

export interface LoaderPodInput {
  data: ModuleLoaderData;
  digest: Digest;
  settings: DesiredSettings;
}

/** Containers and volumes of a loader pod. In the `copy` shape paths of the image are under /tmp, as in KMM 2.x. */
export function loaderContainers(input: LoaderPodInput): Record<string, unknown> {
  const shape = shapeOf(input.data.podOptions, input.settings);
  const script: ScriptInput = {
    data: input.data,
    digest: input.digest,
    imageRoot: shape === 'copy' ? '/tmp' : '',
    firmwareHostPath: input.settings.firmwareHostPath,
    roots: nodeRoots,
  };
  const copies = shape === 'copy' ? copiesOf(input.data, script) : [];
  return {
    ...(shape === 'copy' ? { initContainers: [extractor(input, copies)] } : {}),
    containers: [loader(input, shape, script, copies)],
    volumes: [...nodeVolumes(input), ...copies.map(({ name }) => ({ name, emptyDir: {} }))],
  };
}

function loader(input: LoaderPodInput, shape: Shape, script: ScriptInput, copies: Copy[]) {
  const probe = { exec: { command: ['/bin/sh', '-c', probeScript(script)] }, timeoutSeconds: 10 };
  const kmodImage = { image: pinnedImage(input.data.containerImage, input.digest), ...pullPolicy(input.data) };
  return {
    name: loaderContainer,
    ...(shape === 'copy' ? { image: input.settings.loaderImage } : kmodImage),
    command: ['/bin/sh', '-c', loadScript(script)],
    env: [{ name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }],
    resources: smallRequests,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // Ten minutes for a slow load; after it two misses in a row, since a busy node's slow answer would cost the plugin.
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 600 },
    readinessProbe: { ...probe, periodSeconds: 30, failureThreshold: 2 },
    // No shared process namespace as in 1.x: it was needed because `sleep` as process 1 ignores TERM; the script traps it.
    securityContext: {
      ...noRights,
      capabilities: { drop: ['ALL'], add: ['SYS_MODULE'] },
      seLinuxOptions: { type: 'spc_t' },
    },
    volumeMounts: [
      { name: 'node-lib-modules', mountPath: `/lib/modules/${input.data.kernelVersion}`, readOnly: true },
      { name: 'node-run-kmm', mountPath: nodeRoots.run },
      ...(hasFirmware(input.data) ? firmwareMounts : []),
      ...copies.map(({ name, to }) => ({ name, mountPath: to, readOnly: true })),
    ],
  };
}

/** Directories of the node. The kernel's own name, with its `+`: that is what the directory is called. */
function nodeVolumes({ data, settings }: LoaderPodInput) {
  return [
    hostPath('node-lib-modules', `/lib/modules/${data.kernelVersion}`, 'Directory'),
    hostPath('node-run-kmm', nodeRoots.run, 'DirectoryOrCreate'),
    ...(hasFirmware(data)
      ? [
          hostPath('node-firmware', settings.firmwareHostPath, 'DirectoryOrCreate'),
          hostPath('node-firmware-class', '/sys/module/firmware_class/parameters', 'Directory'),
        ]
      : []),
  ];
}

/**
 * The kernel's firmware search path is a file of root's in sysfs, so user 0 may write it without being privileged; but a
 * container's own /sys is read-only, and AppArmor's default profile denies writing under /sys. A mount of that one
 * directory elsewhere has neither trouble. The firmware is not mounted where the image may have its own (1.x hid it).
 */
const firmwareMounts = [
  { name: 'node-firmware', mountPath: nodeRoots.firmware },
  { name: 'node-firmware-class', mountPath: nodeRoots.firmwareClass },
];

interface Copy {
  name: string;
  from: string;
  to: string;
}

function copiesOf(data: ModuleLoaderData, script: ScriptInput): Copy[] {
  const { dirName, firmwarePath } = data.modprobe;
  const objects = `${dirName === '/' ? '' : dirName}/lib/modules/${data.kernelVersion}`;
  return [
    { name: 'image-modules', from: objects, to: inImage(script, objects) },
    ...(hasFirmware(data) && firmwarePath !== undefined
      ? [{ name: 'image-firmware', from: firmwarePath, to: inImage(script, firmwarePath) }]
      : []),
  ];
}

/** Needs nothing but `cp` and a shell in the kmod image: the kubelet makes the directories that it copies into. */
function extractor({ data, digest }: LoaderPodInput, copies: Copy[]) {
  const target = (name: string) => `/kmm/${name}`;
  const commands = copies.map(({ name, from }) => `cp -R ${shellQuote(`${from}/.`)} ${target(name)}/`);
  return {
    name: 'image-extractor',
    image: pinnedImage(data.containerImage, digest),
    ...pullPolicy(data),
    command: ['/bin/sh', '-c', commands.join(' && ')],
    resources: smallRequests,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: { ...noRights, capabilities: { drop: ['ALL'] } },
    volumeMounts: copies.map(({ name }) => ({ name, mountPath: target(name) })),
  };
}

const smallRequests = { requests: { cpu: '10m', memory: '32Mi' } };

const noRights = { allowPrivilegeEscalation: false, runAsUser: 0 };

function pullPolicy(data: ModuleLoaderData): { imagePullPolicy?: string } {
  return data.imagePullPolicy ? { imagePullPolicy: data.imagePullPolicy } : {};
}

function hasFirmware(data: ModuleLoaderData): boolean {
  return Boolean(data.modprobe.firmwarePath);
}
