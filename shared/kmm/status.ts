import * as z from 'zod';

/** The states of a target, in the order of the design's list. */
export const states = [
  'NoMapping',
  'Invalid',
  'ImageMissing',
  'RegistryUnreachable',
  'Building',
  'BuildFailed',
  'Signing',
  'SignFailed',
  'Inspecting',
  'ImageRejected',
  'RollingOut',
  'RolloutFailed',
  'Ready',
] as const;
export type State = (typeof states)[number];

/** One target's entry in `status.kernels["<kernel>/<arch>"]`. At most 1 KiB; times are RFC 3339. */
export const KernelEntry = z.object({
  state: z.enum(states),
  /** A CamelCase word that machines compare. */
  reason: z.string().optional(),
  /** A sentence for people. */
  message: z.string().optional(),
  image: z.string().optional(),
  /** The platform manifest that the DaemonSet runs or shall run. */
  digest: z.string().optional(),
  /** What the tag pointed to, when that is an index. */
  indexDigest: z.string().optional(),
  /** What the tag holds for this platform, when `digest` is pinned to another. */
  newDigest: z.string().optional(),
  /** The registry has `digest` no longer: new nodes can't pull it. */
  digestGone: z.boolean().optional(),
  observedGeneration: z.number().default(0),
  /** What has been carried out: the request (design: words) and the signing key. */
  rebuilt: z.object({ request: z.string(), keyFingerprint: z.string().optional() }).optional(),
  inspected: z
    .object({
      digest: z.string(),
      result: z.enum(['running', 'ok', 'rejected', 'failed']),
      reason: z.string().optional(),
      since: z.string().optional(),
      attempt: z.number().default(1),
      buildIds: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  signing: z
    .object({
      inputs: z.string(),
      result: z.enum(['running', 'ok', 'failed']),
      reason: z.string().optional(),
      since: z.string().optional(),
      attempt: z.number().default(1),
    })
    .optional(),
  /** When to look again by itself; a run before it leaves it. */
  nextTry: z.string().optional(),
  rollout: z.object({ desired: z.number(), updated: z.number(), available: z.number() }).optional(),
});
export type KernelEntry = z.infer<typeof KernelEntry>;

export const StatusCondition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().default(''),
  message: z.string().default(''),
  observedGeneration: z.number().optional(),
  lastTransitionTime: z.string().default(''),
});
export type StatusCondition = z.infer<typeof StatusCondition>;

/** KMM's counters. */
export const Counters = z.object({
  nodesMatchingSelectorNumber: z.number().default(0),
  desiredNumber: z.number().default(0),
  availableNumber: z.number().default(0),
});
export type Counters = z.infer<typeof Counters>;

/** Lenient: an entry that an other release wrote and we can't read is as if it were not there. */
export const ModuleStatus = z.object({
  kernels: z
    .record(z.string(), KernelEntry.optional().catch(undefined))
    .nullish()
    .catch(undefined)
    .transform((kernels) => kernels ?? {}),
  conditions: z
    .array(StatusCondition)
    .nullish()
    .catch(undefined)
    .transform((conditions) => conditions ?? []),
  moduleLoader: Counters.optional().catch(undefined),
  devicePlugin: Counters.optional().catch(undefined),
});
export type ModuleStatus = z.infer<typeof ModuleStatus>;

/** Reads `status` of a Module object; absent or unreadable parts are empty. */
export function parseModuleStatus(status: unknown): ModuleStatus {
  return ModuleStatus.parse(typeof status === 'object' && status !== null ? status : {});
}
