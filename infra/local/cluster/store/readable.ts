import * as z from 'zod';
import { Pod, Toleration } from '../../../../shared/kubernetes/objects.ts';
import { type Kind, resources } from '../../../../shared/kubernetes/resources.ts';
import type { StoredObject } from './object.ts';

const StringMap = z.record(z.string(), z.string());
const Container = z.looseObject({ name: z.string(), image: z.string().default('') });

export const PodSpec = z.looseObject({
  nodeName: z.string().optional(),
  nodeSelector: StringMap.optional(),
  tolerations: z.array(Toleration).optional(),
  hostNetwork: z.boolean().optional(),
  initContainers: z.array(Container).optional(),
  containers: z.array(Container).default([]),
});
export type PodSpec = z.infer<typeof PodSpec>;

/** A pod with the spec that its kubelet runs. */
export const RunningPod = Pod.extend({ spec: PodSpec.default({ containers: [] }) });
export type RunningPod = z.infer<typeof RunningPod>;

const defaultStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } };
const UpdateStrategy = z.object({
  type: z.string().default(defaultStrategy.type),
  rollingUpdate: z
    .object({ maxUnavailable: z.union([z.number(), z.string()]).default(1) })
    .default(defaultStrategy.rollingUpdate),
});

/** A DaemonSet with what its controller needs. */
export const ControlledSet = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    annotations: StringMap.default({}),
    generation: z.number().default(1),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    minReadySeconds: z.number().default(0),
    updateStrategy: UpdateStrategy.default(defaultStrategy),
    template: z.object({
      metadata: z.object({ labels: StringMap.default({}), annotations: StringMap.optional() }).default({ labels: {} }),
      spec: PodSpec,
    }),
  }),
});
export type ControlledSet = z.infer<typeof ControlledSet>;

/**
 * Why an object can't be read as its kind; undefined when it can. What stands in the store can then be read by all who
 * look at it, as behind the typed decoding of a real API server.
 */
export function unreadable(kind: Kind, object: StoredObject): string | undefined {
  const schemas =
    kind === 'Pod'
      ? [RunningPod]
      : kind === 'DaemonSet'
        ? [resources[kind].schema, ControlledSet]
        : [resources[kind].schema];
  for (const schema of schemas) {
    const [issue] = schema.safeParse(object).error?.issues ?? [];
    if (issue) return `${issue.path.join('.')}: ${issue.message}`;
  }
  return undefined;
}
