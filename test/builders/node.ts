import { kernelLabelValue } from '../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../shared/kmm/labels.ts';
import type { Node, Taint } from '../../shared/kubernetes/objects.ts';

export interface NodeOverrides {
  name?: string;
  uid?: string;
  kernelVersion?: string;
  architecture?: string;
  bootID?: string;
  /** Beside those that every node has. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  taints?: Taint[];
  ready?: 'True' | 'False' | 'Unknown';
  /** Off: as a node stands where no admission policy labels it. */
  kernelLabel?: boolean;
}

/** A Ready amd64 node, both as the API gives it and as we read it: fit for pure functions and for a fake cluster. */
export function aNode(overrides: NodeOverrides = {}): Node & { apiVersion: 'v1'; kind: 'Node' } {
  const { name = 'node-1', kernelVersion = '6.1.0-18-amd64', architecture = 'amd64', kernelLabel = true } = overrides;
  const own = { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name };
  const byPolicy = kernelLabel ? { [labels.kernelVersion]: kernelLabelValue(kernelVersion) } : {};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: overrides.uid ?? `uid-${name}`,
      resourceVersion: '1',
      generation: 0,
      labels: { ...own, ...byPolicy, ...overrides.labels },
      annotations: { ...overrides.annotations },
    },
    spec: overrides.taints ? { taints: overrides.taints } : {},
    status: {
      nodeInfo: { kernelVersion, bootID: overrides.bootID ?? `boot-${name}`, architecture },
      conditions: [{ type: 'Ready', status: overrides.ready ?? 'True' }],
    },
  };
}
