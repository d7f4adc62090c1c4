import { kernelLabelValue } from '../kmm/kernel-label-value.ts';
import { annotations, labels, roles } from '../kmm/labels.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import type { Digest } from '../oci/digest.ts';
import { loaderContainers } from './loader-pod.ts';
import { loaderDaemonSetName } from './names.ts';
import { canaryRollout, ownedBy, podTolerations, versionLabel } from './pod-parts.ts';
import type { DesiredSettings } from './settings.ts';
import { shapeOf } from './shape.ts';
import { templateInputs } from './template-inputs.ts';

export interface LoaderInput {
  data: ModuleLoaderData;
  architecture: string;
  digest: Digest;
  settings: DesiredSettings;
}

/** The DaemonSet that keeps one Module loaded on the nodes of one kernel and architecture, whole, to be applied. */
export function renderLoaderDaemonSet(input: LoaderInput): Manifest {
  const { data, architecture } = input;
  const name = loaderDaemonSetName({ ...data, module: data.name, architecture });
  const ownLabels = loaderLabels(data, name);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace: data.namespace,
      labels: ownLabels,
      annotations: loaderAnnotations(input),
      ...ownedBy(data),
    },
    spec: {
      // Immutable, so it is nothing but the name: whatever else changes is a change of labels, never another DaemonSet.
      selector: { matchLabels: { [labels.daemonSet]: name } },
      ...canaryRollout,
      template: {
        metadata: { labels: ownLabels, annotations: { [annotations.kernelVersion]: data.kernelVersion } },
        spec: {
          nodeSelector: nodeSelector(data, architecture),
          tolerations: podTolerations(data.tolerations),
          priorityClassName: 'system-node-critical',
          terminationGracePeriodSeconds: data.podOptions.gracePeriodSeconds,
          ...serviceAccount(data),
          ...(data.imageRepoSecret ? { imagePullSecrets: [{ name: data.imageRepoSecret }] } : {}),
          ...loaderContainers(input),
        },
      },
    },
  };
}

/** What stands on the DaemonSet beside its template; these may be patched without reloading anything. */
export function loaderAnnotations({ data, architecture, digest, settings }: LoaderInput): Record<string, string> {
  const shape = shapeOf(data.podOptions, settings);
  return {
    [annotations.templateInputs]: templateInputs({ data, architecture, digest, shape }),
    [annotations.kernelVersion]: data.kernelVersion,
    [annotations.architecture]: architecture,
    [annotations.image]: data.containerImage,
  };
}

/** KMM 1.x's labels; the raw kernel may not be a label value, so it stands in an annotation. */
function loaderLabels(data: ModuleLoaderData, name: string): Record<string, string> {
  return {
    [labels.daemonSet]: name,
    [labels.moduleName]: data.name,
    [labels.role]: roles.moduleLoader,
    [labels.kernelVersion]: kernelLabelValue(data.kernelVersion),
    ...versionLabel(labels.versionWorkerPod(data.namespace, data.name), data.version),
  };
}

function nodeSelector(data: ModuleLoaderData, architecture: string): Record<string, string> {
  return {
    ...data.selector,
    [labels.kernelVersion]: kernelLabelValue(data.kernelVersion),
    'kubernetes.io/arch': architecture,
    'kubernetes.io/os': 'linux',
    ...versionLabel(labels.versionWorkerPod(data.namespace, data.name), data.version),
  };
}

/** The load script talks to no API: without an account of the user's there is no token in the pod. */
function serviceAccount(data: ModuleLoaderData): Record<string, unknown> {
  return data.serviceAccountName
    ? { serviceAccountName: data.serviceAccountName }
    : { automountServiceAccountToken: false };
}
