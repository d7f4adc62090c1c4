import { labels } from '../../shared/kmm/labels.ts';
import type { DaemonSet, OwnerReference, Toleration } from '../../shared/kubernetes/objects.ts';

export interface DaemonSetOverrides {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: OwnerReference;
  image?: string;
  nodeSelector?: Record<string, string>;
  maxUnavailable?: number | string;
  minReadySeconds?: number;
  tolerations?: Toleration[];
  /** Parts of it; the rest is zero, `observedGeneration` the generation. */
  status?: Partial<NonNullable<DaemonSet['status']>>;
}

/** A DaemonSet of ours without a pod yet, both as the API gives it and as we read it. */
export function aDaemonSet(
  overrides: DaemonSetOverrides = {},
): DaemonSet & { apiVersion: 'apps/v1'; kind: 'DaemonSet' } {
  const { name = 'mod-0123456789', namespace = 'kmm', generation = 1, maxUnavailable = 1, owner } = overrides;
  const selector = { [labels.daemonSet]: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name,
      namespace,
      uid: overrides.uid ?? `uid-${name}`,
      resourceVersion: overrides.resourceVersion ?? '1',
      generation,
      labels: { ...overrides.labels },
      annotations: { ...overrides.annotations },
      ...(owner ? { ownerReferences: [owner] } : {}),
    },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
      ...(overrides.minReadySeconds === undefined ? {} : { minReadySeconds: overrides.minReadySeconds }),
      template: {
        metadata: { labels: { ...selector, ...overrides.labels } },
        spec: {
          nodeSelector: overrides.nodeSelector ?? {},
          ...(overrides.tolerations && { tolerations: overrides.tolerations }),
          containers: [{ name: 'module-loader', image: overrides.image ?? 'registry.example/mod:1' }],
        },
      },
    },
    status: { ...noStatus, observedGeneration: generation, ...overrides.status },
  };
}

const noStatus = {
  observedGeneration: 0,
  desiredNumberScheduled: 0,
  currentNumberScheduled: 0,
  updatedNumberScheduled: 0,
  numberReady: 0,
  numberAvailable: 0,
  numberUnavailable: 0,
};
