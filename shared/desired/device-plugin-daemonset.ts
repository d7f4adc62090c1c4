import { annotations, labels, roles } from '../kmm/labels.ts';
import type { DevicePlugin, Module, PluginContainer } from '../kmm/module.ts';
import type { Manifest } from '../kubernetes/objects.ts';
import { contentHash } from './canonical-json.ts';
import { devicePluginDaemonSetName } from './names.ts';
import { canaryRollout, hostPath, ownedBy, podTolerations, versionLabel } from './pod-parts.ts';

/** Name of the container whose readiness becomes the node's `.device-plugin-ready` label. */
export const devicePluginContainer = 'device-plugin';

const kubeletSockets = { name: 'kubelet-device-plugins', path: '/var/lib/kubelet/device-plugins' };

/** The device plugin of a Module and its version, as KMM makes it; undefined when the Module (defaulted) has none. */
export function renderDevicePluginDaemonSet(module: Module): Manifest | undefined {
  const plugin = module.spec.devicePlugin;
  if (plugin === undefined) return undefined;
  const version = module.spec.moduleLoader?.container?.version;
  const name = devicePluginDaemonSetName({ module: module.metadata.name, version });
  const namespace = module.metadata.namespace ?? '';
  const ownLabels = {
    [labels.daemonSet]: name,
    [labels.moduleName]: module.metadata.name,
    [labels.role]: roles.devicePlugin,
    ...versionLabel(labels.versionSchedulePod(namespace, module.metadata.name), version),
  };
  const podSpec = pluginPodSpec(module, plugin, version);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace,
      labels: ownLabels,
      // Nothing here is ours to vary between releases but the frame, so the inputs are what the user wrote.
      annotations: { [annotations.templateInputs]: pluginInputs(module, plugin, version) },
      ...ownedBy(module.metadata),
    },
    spec: {
      selector: { matchLabels: { [labels.daemonSet]: name } },
      ...canaryRollout,
      template: { metadata: { labels: ownLabels }, spec: podSpec },
    },
  };
}

function pluginPodSpec(module: Module, plugin: DevicePlugin, version: string | undefined): Record<string, unknown> {
  const sockets = { name: kubeletSockets.name, mountPath: kubeletSockets.path };
  const pullSecret = module.spec.imageRepoSecret?.name;
  return {
    nodeSelector: pluginNodeSelector(module, version),
    tolerations: podTolerations(module.spec.tolerations ?? []),
    priorityClassName: 'system-node-critical',
    ...(pullSecret ? { imagePullSecrets: [{ name: pullSecret }] } : {}),
    ...(plugin.serviceAccountName ? { serviceAccountName: plugin.serviceAccountName } : {}),
    ...(plugin.automountServiceAccountToken === undefined
      ? {}
      : { automountServiceAccountToken: plugin.automountServiceAccountToken }),
    ...(plugin.initContainer === undefined
      ? {}
      : { initContainers: [container('device-plugin-init', plugin.initContainer)] }),
    containers: [container(devicePluginContainer, plugin.container ?? {}, [sockets])],
    volumes: [hostPath(kubeletSockets.name, kubeletSockets.path, 'Directory'), ...(plugin.volumes ?? [])],
  };
}

/** Once the module is loaded: the ready label, by namespace and name; without a loader, where the Module says. */
function pluginNodeSelector(module: Module, version: string | undefined): Record<string, string> {
  const { name, namespace = '' } = module.metadata;
  if (module.spec.moduleLoader === undefined) return module.spec.selector ?? {};
  return { [labels.ready(namespace, name)]: '', ...versionLabel(labels.versionSchedulePod(namespace, name), version) };
}

/** What the user wrote of a container is kept whole. */
function container(name: string, spec: PluginContainer, mounts: Record<string, unknown>[] = []) {
  const volumeMounts = [...(spec.volumeMounts ?? []), ...mounts];
  return {
    ...spec,
    name,
    securityContext: { privileged: true },
    ...(volumeMounts.length > 0 ? { volumeMounts } : {}),
  };
}

function pluginInputs(module: Module, plugin: DevicePlugin, version: string | undefined): string {
  return contentHash({
    plugin,
    imageRepoSecret: module.spec.imageRepoSecret,
    tolerations: module.spec.tolerations,
    nodeSelector: pluginNodeSelector(module, version),
  });
}
