import * as z from 'zod';

// Only the fields that we read; everything else is dropped at the edge, which keeps 5,000 nodes small in memory.
// https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/

const StringMap = z.record(z.string(), z.string());

export const OwnerReference = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});
export type OwnerReference = z.infer<typeof OwnerReference>;

export const ObjectMeta = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: z.number().default(0),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().optional(),
  labels: StringMap.nullish().transform((labels) => labels ?? {}),
  annotations: StringMap.nullish().transform((annotations) => annotations ?? {}),
  ownerReferences: z.array(OwnerReference).optional(),
});
export type ObjectMeta = z.infer<typeof ObjectMeta>;

export const Taint = z.object({ key: z.string(), value: z.string().optional(), effect: z.string() });
export type Taint = z.infer<typeof Taint>;

/** A core/v1 Toleration, kept whole: it is copied into the pods. */
export const Toleration = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
  tolerationSeconds: z.number().optional(),
});
export type Toleration = z.infer<typeof Toleration>;

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().optional(),
});

export const Node = z.object({
  metadata: ObjectMeta,
  spec: z.object({ taints: z.array(Taint).optional() }).nullish(),
  status: z
    .object({
      nodeInfo: z
        .object({
          kernelVersion: z.string().default(''),
          bootID: z.string().default(''),
          architecture: z.string().default(''),
        })
        .optional(),
      conditions: z.array(Condition).optional(),
    })
    .nullish(),
});
export type Node = z.infer<typeof Node>;

const Terminated = z.object({
  exitCode: z.number(),
  reason: z.string().optional(),
  message: z.string().optional(),
  finishedAt: z.string().optional(),
});
export const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  containerID: z.string().optional(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
      running: z.object({ startedAt: z.string().optional() }).optional(),
      terminated: Terminated.optional(),
    })
    .optional(),
  lastState: z.object({ terminated: Terminated.optional() }).optional(),
});
export type ContainerStatus = z.infer<typeof ContainerStatus>;

export const Pod = z.object({
  metadata: ObjectMeta,
  spec: z.object({ nodeName: z.string().optional() }).optional(),
  status: z
    .object({
      phase: z.string().optional(),
      startTime: z.string().optional(),
      conditions: z.array(Condition).optional(),
      containerStatuses: z.array(ContainerStatus).optional(),
      initContainerStatuses: z.array(ContainerStatus).optional(),
    })
    .optional(),
});
export type Pod = z.infer<typeof Pod>;

export const DaemonSet = z.object({
  metadata: ObjectMeta,
  spec: z.looseObject({
    selector: z.object({ matchLabels: StringMap.optional() }).optional(),
    minReadySeconds: z.number().optional(),
    updateStrategy: z
      .object({
        type: z.string().optional(),
        rollingUpdate: z.object({ maxUnavailable: z.union([z.string(), z.number()]).optional() }).optional(),
      })
      .optional(),
    template: z.looseObject({
      spec: z.looseObject({
        tolerations: z.array(Toleration).optional(),
        containers: z.array(z.looseObject({ name: z.string(), image: z.string().optional() })),
      }),
    }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      desiredNumberScheduled: z.number().default(0),
      currentNumberScheduled: z.number().default(0),
      updatedNumberScheduled: z.number().default(0),
      numberReady: z.number().default(0),
      numberAvailable: z.number().default(0),
      numberUnavailable: z.number().default(0),
    })
    .optional(),
});
export type DaemonSet = z.infer<typeof DaemonSet>;

export const Job = z.object({
  metadata: ObjectMeta,
  status: z
    .object({
      active: z.number().optional(),
      succeeded: z.number().optional(),
      failed: z.number().optional(),
      startTime: z.string().optional(),
      completionTime: z.string().optional(),
      conditions: z.array(Condition).optional(),
    })
    .optional(),
});
export type Job = z.infer<typeof Job>;

export const ConfigMap = z.object({ metadata: ObjectMeta, data: StringMap.optional() });
export type ConfigMap = z.infer<typeof ConfigMap>;

/** `data` values are base64, as the API gives them. Never log one. */
export const Secret = z.object({ metadata: ObjectMeta, type: z.string().optional(), data: StringMap.optional() });
export type Secret = z.infer<typeof Secret>;

export const Namespace = z.object({ metadata: ObjectMeta });
export type Namespace = z.infer<typeof Namespace>;

/** core/v1 Event; only ever created, so nothing but its metadata is read. */
export const CoreEvent = z.object({ metadata: ObjectMeta });
export type CoreEvent = z.infer<typeof CoreEvent>;

/**
 * A Module as the API server holds it: only the envelope is understood here, so that one invalid Module never fails a
 * list. `parseModule` (shared/kmm) reads `spec`, `parseModuleStatus` reads `status`.
 */
export const ModuleObject = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: ObjectMeta,
  spec: z.unknown().optional(),
  status: z.unknown().optional(),
});
export type ModuleObject = z.infer<typeof ModuleObject>;

/** A whole object that we write. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
  };
  [field: string]: unknown;
}
