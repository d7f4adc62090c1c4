import * as z from 'zod';
import { Node, Pod, Toleration } from '../../../../shared/kubernetes/objects.ts';
import type { StoredObject } from '../store/object.ts';

const StringMap = z.record(z.string(), z.string());
const Container = z.looseObject({ name: z.string(), image: z.string().default('') });

const PodSpec = z.looseObject({
  nodeName: z.string().optional(),
  nodeSelector: StringMap.optional(),
  tolerations: z.array(Toleration).optional(),
  hostNetwork: z.boolean().optional(),
  initContainers: z.array(Container).optional(),
  containers: z.array(Container),
});
export type PodSpec = z.infer<typeof PodSpec>;

/** A pod with the spec that its kubelet runs. */
const RunningPod = Pod.extend({ spec: PodSpec });
export type RunningPod = z.infer<typeof RunningPod>;

/** A DaemonSet with what its controller needs. */
const Controlled = z.object({
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
    updateStrategy: z
      .object({
        type: z.string().default('RollingUpdate'),
        rollingUpdate: z
          .object({ maxUnavailable: z.union([z.number(), z.string()]).default(1) })
          .default({ maxUnavailable: 1 }),
      })
      .default({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }),
    template: z.object({
      metadata: z.object({ labels: StringMap.default({}), annotations: StringMap.optional() }).default({ labels: {} }),
      spec: PodSpec,
    }),
  }),
});
export type Controlled = z.infer<typeof Controlled>;

// Stored objects never change in place, so one parse per version is enough: a sync looks at thousands of them.
function remembered<T>(schema: z.ZodType<T>): (object: StoredObject) => T {
  const seen = new WeakMap<StoredObject, T>();
  return (object) => {
    const view = seen.get(object) ?? schema.parse(object);
    seen.set(object, view);
    return view;
  };
}

export const nodeView: (object: StoredObject) => Node = remembered(Node);
export const podView: (object: StoredObject) => RunningPod = remembered(RunningPod);
export const daemonSetView: (object: StoredObject) => Controlled = remembered(Controlled);
