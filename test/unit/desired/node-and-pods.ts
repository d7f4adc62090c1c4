import { Node, Pod } from '../../../shared/kubernetes/objects.ts';

const kernelKey = 'kmm.node.kubernetes.io/kernel-version.full';

/** A node that runs kernel 6.1.0 in its first boot, with its kernel label. */
export function node(
  of: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    bootId?: string;
    kernelVersion?: string;
    kernelLabel?: string;
  } = {},
): Node {
  const { labels, annotations, bootId = 'boot-1', kernelVersion = '6.1.0', kernelLabel = '6.1.0' } = of;
  return Node.parse({
    metadata: { name: 'n1', labels: { [kernelKey]: kernelLabel, ...labels }, annotations },
    status: { nodeInfo: { kernelVersion, bootID: bootId, architecture: 'amd64' } },
  });
}

/** A loader pod of gpu/acme whose container c1 is ready. */
export function pod(
  of: {
    name?: string;
    module?: string;
    role?: string;
    container?: string;
    containerId?: string;
    ready?: boolean;
    condition?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string | undefined>;
  } = {},
): Pod {
  const { name = 'acme-1', module = 'acme', role = 'module-loader', container = 'module-loader' } = of;
  const labels = {
    'kmm.node.kubernetes.io/daemonset': `${module}-0123456789`,
    'kmm.node.kubernetes.io/module.name': module,
    'kmm.node.kubernetes.io/role': role,
    ...of.labels,
  };
  return Pod.parse({
    metadata: {
      name,
      namespace: 'gpu',
      labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined)),
      ...(of.deletionTimestamp === undefined ? {} : { deletionTimestamp: of.deletionTimestamp }),
    },
    spec: { nodeName: 'n1' },
    status: {
      conditions: [{ type: 'Ready', status: of.condition ?? 'True' }],
      containerStatuses: [{ name: container, ready: of.ready ?? true, containerID: of.containerId ?? 'c1' }],
    },
  });
}
