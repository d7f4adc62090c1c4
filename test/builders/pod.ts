import type { ContainerStatus, OwnerReference, Pod } from '../../shared/kubernetes/objects.ts';

export interface PodOverrides {
  name?: string;
  namespace?: string;
  uid?: string;
  nodeName?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: OwnerReference;
  phase?: string;
  ready?: boolean;
  restartCount?: number;
  containerID?: string;
  /** Instead of the one container that `ready`, `restartCount` and `containerID` describe. */
  containerStatuses?: ContainerStatus[];
  deletionTimestamp?: string;
  startTime?: string;
}

/** A running, ready pod with one container, both as the API gives it and as we read it. */
export function aPod(overrides: PodOverrides = {}): Pod & { apiVersion: 'v1'; kind: 'Pod' } {
  const { name = 'pod-1', namespace = 'kmm', ready = true, deletionTimestamp, owner } = overrides;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: overrides.uid ?? `uid-${name}`,
      resourceVersion: '1',
      generation: 1,
      labels: { ...overrides.labels },
      annotations: { ...overrides.annotations },
      ...(owner ? { ownerReferences: [owner] } : {}),
      ...(deletionTimestamp ? { deletionTimestamp } : {}),
    },
    spec: { nodeName: overrides.nodeName ?? 'node-1' },
    status: {
      phase: overrides.phase ?? 'Running',
      startTime: overrides.startTime ?? '2026-01-01T00:00:00Z',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: overrides.containerStatuses ?? [containerOf(overrides, ready)],
    },
  };
}

function containerOf(overrides: PodOverrides, ready: boolean): ContainerStatus {
  return {
    name: 'module-loader',
    ready,
    restartCount: overrides.restartCount ?? 0,
    containerID: overrides.containerID ?? `containerd://${overrides.name ?? 'pod-1'}`,
    state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
  };
}
